import { tagsByArn, withArn } from '../aws/resource-tags.ts';
import type { Resource } from '../aws/resource.ts';
import type { Observation } from '../rule/rule.ts';
import type { Verdict } from '../rule/verdict.ts';
import { exemptOrExclude } from '../settings/exempt-or-exclude.ts';
import type { JudgingContext } from './evaluation-context.ts';

/** The rule's verdict, after exemptions and exclusions. */
export const judgeOrExempt = (
  context: JudgingContext,
  resource: Resource,
  { facts }: Observation,
): Verdict => {
  const verdict = context.rule.judge(facts, context.judgeContext);
  const named = withArn(resource, context.session, context.rule.resource);
  const tags = named.tags ?? context.tags?.get(named.arn ?? '');
  return exemptOrExclude(verdict, tags ? { ...named, tags } : named, context);
};

/** Lists the tags of all resources once, only when an exemption matches by tag. */
export const withTagsForExemptions = async <Context extends JudgingContext>(
  context: Context,
): Promise<Context> => {
  if (!context.exemptions.some(({ tags }) => tags !== undefined)) return context;
  return { ...context, tags: await tagsByArn(context.session, context.rule.resource ?? {}) };
};
