import { leftAloneReason } from '../settings/exclusions.ts';
import { outOfScopeReason } from '../settings/rule-scope.ts';
import type { Settings } from '../settings/settings.ts';
import { planFix } from '../plan/plan-fix.ts';
import type { Plan } from '../plan/plan.ts';
import { observeLive, violationIn, type LiveContext } from './observe-live.ts';

/** `withheld`: why the function would not apply the plan without an approval. */
export type HandPlan =
  | { readonly plan: Plan; readonly withheld?: string }
  | { readonly manual: string }
  | { readonly nothing: string };

/** Plans the fix of one live resource for a person, with the answer of the deployed functions. Writes nothing. */
export const planByHand = async (
  context: LiveContext & { readonly appliedSettings: Pick<Settings, 'organization'> },
): Promise<HandPlan> => {
  const outOfScope = outOfScopeReason(context.rule, context.appliedSettings, context.judgeContext);
  if (outOfScope !== undefined) return { nothing: outOfScope };
  const violation = await violationIn(await observeLive(context), context);
  if ('status' in violation) return { nothing: violation.reason };
  const planned = await planFix(violation, context.session);
  if ('manual' in planned) return planned;
  const withheld = leftAloneReason(violation.resource, context.appliedSettings, {
    approved: false,
    place: violation.judgeContext,
  });
  return { plan: planned.plan, ...(withheld !== undefined && { withheld }) };
};
