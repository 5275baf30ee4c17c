import { defined } from '../base/defined.ts';
import { explain, transient } from '../base/errors.ts';
import { withArn, withTags } from '../aws/resource-tags.ts';
import type { Resource } from '../aws/resource.ts';
import { isJudgeable, type ConfigurationItem } from '../rule/configuration-item.ts';
import { withIdentity } from '../rule/identity.ts';
import type { Rule } from '../rule/rule.ts';
import { notApplicable } from '../rule/verdict.ts';
import type { Trigger } from '../config/config-rule-event.ts';
import { itemFromHistory } from '../config/item-history.ts';
import type { EvaluationContext } from './evaluation-context.ts';
import { resourceEvaluatedEvent } from './evaluation-events.ts';
import { judgeOrExempt } from './judge.ts';
import { planViolations } from './plan-violations.ts';
import type { Judged } from './sweep.ts';

type ItemTrigger = Extract<Trigger, { type: 'change' | 'oversized' }>;

/**
 * Evaluates one changed resource: exactly one verdict, for the item's own type and id.
 * The verdict goes out first; what cannot be published or planned then makes Lambda repeat the whole event, with the same
 * verdict and ids.
 */
export const evaluateItem = async (context: EvaluationContext, trigger: ItemTrigger): Promise<void> => {
  const { session, event, put, tell } = context;
  const judged = await judgeItem(context, trigger);
  await put(session, event.resultToken, [judged]);
  const told = resourceEvaluatedEvent(context, judged);
  await tell([told]);
  const [waiting] = await planViolations(context, [judged], () => told.id);
  if (waiting)
    throw transient('plan-failed', `The fix could not be planned yet: ${explain(waiting[1])}`, waiting[1]);
};

const judgeItem = async (context: EvaluationContext, trigger: ItemTrigger): Promise<Judged> => {
  const { rule, session } = context;
  const { captureTime: orderingTime } = trigger.item;
  const notJudged = notJudgedReason(rule, trigger);
  if (notJudged !== undefined)
    return { resource: resourceOf(trigger.item), verdict: notApplicable(notJudged), orderingTime };

  // The summary of an oversized item has no tags.
  const item = trigger.type === 'oversized' ? await itemFromHistory(session, trigger.item) : trigger.item;
  const found = resourceOf(item);
  const fromItem = rule.observe.item?.(item);
  const observation = fromItem ?? (await rule.observe.get(found, { session }));
  if (!observation) return { resource: found, verdict: notApplicable('The resource is gone.'), orderingTime };
  const resource = await withTagsForExemptions(withIdentity(found, observation), context);
  const verdict = judgeOrExempt(context, resource, observation);
  return { resource, verdict, orderingTime, observation, live: fromItem === undefined };
};

/** The resource that a trigger is about; none for a sweep. */
export const changedResource = (trigger: Trigger): Resource | undefined =>
  'item' in trigger ? resourceOf(trigger.item) : undefined;

const resourceOf = ({ resourceType, resourceId, resourceName, arn, tags }: ConfigurationItem): Resource =>
  defined({ resourceType, resourceId, resourceName, arn, tags });

/** Reads the tags that the item leaves out, only when an exemption matches by tag. */
const withTagsForExemptions = async (resource: Resource, { rule, exemptions, session }: EvaluationContext) =>
  exemptions.some(({ tags }) => tags !== undefined)
    ? withTags(withArn(resource, session, rule.resource), session, rule.resource)
    : resource;

const notJudgedReason = (rule: Rule, { item, leftScope }: ItemTrigger) => {
  if (leftScope) return 'The resource left the scope of the rule.';
  if (!isJudgeable(item)) return `The resource is deleted or not recorded (${item.status}).`;
  return item.resourceType === rule.resourceType
    ? undefined
    : `${rule.command} does not judge ${item.resourceType}.`;
};
