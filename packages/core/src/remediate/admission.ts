import { exclusionReason, managedAsCodeReason } from '../settings/exclusions.ts';
import type { Violation } from '../plan/plan-fix.ts';
import type { Plan } from '../plan/plan.ts';
import type { RemediationContext } from './remediation.ts';
import { flapBlocker } from '../state/flaps.ts';
import { cooldownReason } from '../state/cooldowns.ts';
import { toFixTarget, isCircuitOpen, spendBudgets } from '../state/limits.ts';
import { whoChanged } from './who-changed.ts';
import type { Blocker } from '../audit/blocker.ts';

/**
 * Why a plan is not applied now, whoever wants it: it stays a plan that says so. The budgets come last, because
 * asking takes from them.
 */
export const findBlocker = async (
  remediation: RemediationContext,
  { resource }: Violation,
  { approved, plan }: { readonly approved: boolean; readonly plan: Plan },
): Promise<Blocker | undefined> => {
  const { appliedSettings, table, now, rule, session } = remediation;
  const { limits } = appliedSettings;
  const target = toFixTarget(remediation.target);
  const context = { table, limits, now: now() };
  const leave =
    exclusionReason(resource, appliedSettings) ??
    // This guards against a machine; a person who approved this very plan has looked.
    (approved
      ? undefined
      : (managedAsCodeReason(resource, appliedSettings) ?? (await cooldownReason(table, target, now()))));
  if (leave !== undefined) return { reason: leave };
  const flapping = await flapBlocker(target, {
    table,
    flaps: limits.flaps,
    now: now(),
    whoChanged: (since) => whoChanged({ resource, since, undoing: undoingCalls(plan) }, session),
  });
  if (flapping) return flapping;
  const used = (await isCircuitOpen(target, context))
    ? `${limits.failuresPerHour} fixes of ${rule.command} failed within the hour; look at them first.`
    : await spendBudgets(target, context);
  return used === undefined ? undefined : { reason: used };
};

/** The API operations that take a plan's fix back. */
const undoingCalls = ({ steps }: Plan): readonly string[] =>
  steps.flatMap((step) =>
    step.type === 'call' && 'operation' in step.undo ? step.undo.operation.split(':').slice(1) : [],
  );

/** Why a plan is not applied by itself, by mode and risk. */
export const automaticBlocker = (
  { applicable: { mode, allowDisruptive } }: RemediationContext,
  { risk }: Plan,
): Blocker | undefined => {
  if (mode !== 'auto') return { reason: `The mode is '${mode}'.` };
  if (risk === 'irreversible') return { reason: 'It is irreversible, so never automatic.' };
  return risk === 'disruptive' && !allowDisruptive
    ? { reason: 'It is disruptive, and the settings do not name the rule with allowDisruptive.' }
    : undefined;
};
