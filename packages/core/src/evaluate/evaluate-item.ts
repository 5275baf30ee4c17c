import type { Trigger } from '../config/config-rule-event.ts';
import { isJudgeable } from '../rule/configuration-item.ts';
import { explain, transient } from '../base/errors.ts';
import { resourceEvaluatedEvent, judgeOrExempt, type EvaluationContext } from './evaluator.ts';
import { itemFromHistory } from '../config/item-history.ts';
import { planViolations } from './plan-violations.ts';
import type { Resource } from '../aws/resource.ts';
import type { Rule } from '../rule/rule.ts';
import type { Judged } from './sweep.ts';
import { notApplicable } from '../rule/verdict.ts';

type ItemTrigger = Extract<Trigger, { type: 'change' | 'oversized' }>;

/** One changed resource: exactly one verdict, for the item's own type and id. */
export const evaluateItem = async (evaluator: EvaluationContext, trigger: ItemTrigger): Promise<void> => {
  const { session, event, put, publish } = evaluator;
  const judged = await judgeItem(evaluator, trigger);
  await put(session, event.resultToken, [judged]);
  await publish([resourceEvaluatedEvent(evaluator, judged)]);
  const [waiting] = await planViolations(evaluator, [judged]);
  // The whole event is tried again: the same verdict, and the plan with it.
  if (waiting)
    throw transient('plan-failed', `The fix could not be planned yet: ${explain(waiting[1])}`, waiting[1]);
};

const judgeItem = async (evaluator: EvaluationContext, trigger: ItemTrigger): Promise<Judged> => {
  const { rule, session } = evaluator;
  const { resourceType, resourceId, resourceName, arn, tags, captureTime: orderingTime } = trigger.item;
  const resource: Resource = {
    resourceType,
    resourceId,
    ...(resourceName !== undefined && { resourceName }),
    ...(arn !== undefined && { arn }),
    ...(tags && { tags }),
  };
  const outOfReach = notJudgedReason(rule, trigger);
  if (outOfReach !== undefined) return { resource, verdict: notApplicable(outOfReach), orderingTime };

  const item = trigger.type === 'oversized' ? await itemFromHistory(session, trigger.item) : trigger.item;
  const fromItem = rule.observe.item?.(item);
  const observation = fromItem ?? (await rule.observe.get(resource, { session }));
  if (!observation) return { resource, verdict: notApplicable('The resource is gone.'), orderingTime };
  const verdict = judgeOrExempt(evaluator, resource, observation);
  return { resource, verdict, orderingTime, observation, live: fromItem === undefined };
};

const notJudgedReason = (rule: Rule, { item, leftScope }: ItemTrigger) => {
  if (leftScope) return 'The resource left the scope of the rule.';
  if (!isJudgeable(item)) return `The resource is not there or not recorded (${item.status}).`;
  return item.resourceType === rule.resourceType
    ? undefined
    : `${rule.command} does not judge ${item.resourceType}.`;
};
