import { leftAloneReason } from '../settings/exclusions.ts';
import type { Violation } from '../plan/plan-fix.ts';
import type { Plan } from '../plan/plan.ts';
import type { Blocker } from '../audit/blocker.ts';
import { cooldownReason } from '../state/cooldowns.ts';
import { flapBlocker } from '../state/flaps.ts';
import { openCircuit } from '../state/circuits.ts';
import { spendBudgets, toFixTarget } from '../state/limits.ts';
import type { RemediationContext } from './remediation.ts';
import { whoChanged } from './who-changed.ts';

/**
 * Admits a plan, or says why it must not be applied now.
 * What owns the resource comes first, so that every path gives the same reason; the budgets come last, because asking
 * spends from them.
 */
export const admitPlan = async (
  context: RemediationContext,
  { resource, judgeContext: place }: Violation,
  { approved, plan }: { readonly approved: boolean; readonly plan: Plan },
): Promise<Blocker | undefined> => {
  const { appliedSettings, table, now, rule, session } = context;
  const { limits } = appliedSettings;
  const target = toFixTarget(context.target);
  const limitContext = { table, limits, now: now() };
  const leftAlone =
    leftAloneReason(resource, appliedSettings, { approved, place }) ??
    // These guard against automatic fixes; a person who approved this very plan has decided.
    (approved ? undefined : (automaticReason(context, plan) ?? (await cooldownReason(table, target, now()))));
  if (leftAlone !== undefined) return { reason: leftAlone };
  const flapping = await flapBlocker(target, {
    table,
    flaps: limits.flaps,
    now: now(),
    whoChanged: (since) => whoChanged({ resource, since, undoing: undoOperations(plan) }, session),
  });
  if (flapping) return flapping;
  const accounts = appliedSettings.accounts.length;
  const open = await openCircuit(target, limitContext);
  if (open)
    return {
      reason: `${limits.failuresPerHour} fixes of ${rule.command} failed within the hour${open === 'account' ? ` in ${target.accountId}` : ', in several accounts'}. Find out why they fail first.`,
      blockedBy: 'circuit',
    };
  const overLimit = await spendBudgets(target, { ...limitContext, accounts });
  return overLimit === undefined ? undefined : { reason: overLimit, blockedBy: 'limit' };
};

/** The names of the API operations that would undo a plan. */
const undoOperations = ({ steps }: Plan): readonly string[] =>
  steps.flatMap((step) =>
    step.type === 'call' && 'operation' in step.undo ? step.undo.operation.split(':').slice(1) : [],
  );

/** Why a plan must not be applied without an approval, by mode and risk. */
const automaticReason = (
  { applicable: { mode, allowDisruptive } }: RemediationContext,
  { risk }: Plan,
): string | undefined => {
  if (mode !== 'auto') return `The mode is '${mode}'.`;
  if (risk === 'irreversible') return 'The fix is irreversible, so it is never automatic.';
  return risk === 'disruptive' && !allowDisruptive
    ? 'The fix is disruptive, and the settings do not set allowDisruptive for the rule.'
    : undefined;
};
