import { whyExcluded, whyLeftToCode } from './exclusions.ts';
import type { Finding } from './plan-fix.ts';
import type { Plan } from './plan.ts';
import type { Remediation } from './remediation.ts';
import { whyFlapping } from './state/flaps.ts';
import { whyHeld } from './state/holds.ts';
import { isTripped, takeFromBudgets, type FixTarget } from './state/limits.ts';

/**
 * Why a plan is not applied now, whoever wants it: it stays a plan that says so. The budgets come last, because
 * asking takes from them.
 */
export const whyNotAdmitted = async (
  remediation: Remediation,
  { resource }: Finding,
  { approved }: { readonly approved: boolean },
): Promise<string | undefined> => {
  const { appliedSettings, table, now, rule } = remediation;
  const { limits } = appliedSettings;
  const target = fixTargetOf(remediation);
  const context = { table, limits, now: now() };
  const excluded = whyExcluded(resource, appliedSettings);
  if (excluded !== undefined) return excluded;
  // What follows guards against a machine; a person who approved this very plan has looked.
  const left = approved ? undefined : whyLeftToCode(resource, appliedSettings);
  if (left !== undefined) return left;
  const held = approved ? undefined : await whyHeld(table, target, now());
  if (held !== undefined) return held;
  const flapping = await whyFlapping(target, { table, flaps: limits.flaps, now: now() });
  if (flapping !== undefined) return flapping;
  if (await isTripped(target, context))
    return `${limits.failuresPerHour} fixes of ${rule.command} failed within the hour; look at them first.`;
  return takeFromBudgets(target, context);
};

/** Why a plan is not applied by itself, by mode and risk. */
export const whyNotAutomatic = (
  { applicable: { mode, allowDisruptive } }: Remediation,
  { risk }: Plan,
): string | undefined => {
  if (mode !== 'auto') return `The mode is '${mode}'.`;
  if (risk === 'irreversible') return 'It is irreversible, so never automatic.';
  return risk === 'disruptive' && !allowDisruptive
    ? 'It is disruptive, and the settings do not name the rule with allowDisruptive.'
    : undefined;
};

export const fixTargetOf = ({
  target: { command, accountId, region, resource },
}: Remediation): FixTarget => ({
  command,
  accountId,
  region,
  resourceId: resource.resourceId,
});
