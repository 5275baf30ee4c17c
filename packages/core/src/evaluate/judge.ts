import { tagsByArn, withArn } from '../aws/resource-tags.ts';
import type { Resource } from '../aws/resource.ts';
import type { Observation } from '../rule/rule.ts';
import { exempt, type Verdict } from '../rule/verdict.ts';
import { exclusionPatternFor } from '../settings/exclusions.ts';
import { exemptAnnotation, exemptionFor } from '../settings/exemptions.ts';
import type { JudgingContext } from './evaluation-context.ts';

/**
 * The rule's verdict, after exemptions and exclusions.
 * An exempt violation becomes NOT_APPLICABLE; one of AWS or of the landing zone stays a violation, marked as excluded.
 */
export const judgeOrExempt = (
  { rule, account, judgeContext, exemptions, session, tags, exemptionMaxDays, exclusions }: JudgingContext,
  resource: Resource,
  { facts }: Observation,
): Verdict => {
  const verdict = rule.judge(facts, judgeContext);
  if (verdict.complianceType !== 'NON_COMPLIANT') return verdict;
  const named = withArn(resource, session, rule.resource);
  const known = named.tags ?? tags?.get(named.arn ?? '');
  const exemption = exemptionFor(
    exemptions,
    { rule, account, region: judgeContext.region, resource: known ? { ...named, tags: known } : named },
    judgeContext.now,
    exemptionMaxDays,
  );
  if (exemption) return exempt(exemption.id, exemptAnnotation(exemption));
  const excluded = exclusionPatternFor(named, { exclusions });
  return excluded === undefined ? verdict : { ...verdict, excluded };
};

/** Lists the tags of all resources once, only when an exemption matches by tag. */
export const withTagsForExemptions = async <Context extends JudgingContext>(
  context: Context,
): Promise<Context> => {
  if (!context.exemptions.some(({ tags }) => tags !== undefined)) return context;
  return { ...context, tags: await tagsByArn(context.session, context.rule.resource ?? {}) };
};
