import { isDenied } from './denials.ts';
import type { Guardrails } from './guardrails.ts';

interface Required {
  readonly requiredPolicyIds: readonly string[];
  readonly requiredDenies: readonly string[];
}

/** An active member account, and the guardrails that do not reach it. */
interface Uncovered {
  readonly accountId: string;
  readonly missing: readonly string[];
}

export const uncoveredAccounts = (
  { policies, coverage }: Guardrails,
  required: Required,
): readonly Uncovered[] =>
  coverage.flatMap(({ policies: ids, accounts }) => {
    const missing = missingGuardrails(
      policies.filter(({ id }) => ids.includes(id)),
      required,
    );
    return missing.length === 0 ? [] : accounts.map((accountId) => ({ accountId, missing }));
  });

const missingGuardrails = (
  reaching: Guardrails['policies'],
  { requiredPolicyIds, requiredDenies }: Required,
): readonly string[] => {
  if (requiredPolicyIds.length > 0)
    return requiredPolicyIds.filter((id) => !reaching.some((policy) => policy.id === id));
  if (requiredDenies.length === 0) return reaching.length === 0 ? ['any guardrail'] : [];
  const denials = reaching.flatMap(({ denies }) => denies);
  return requiredDenies
    .filter((action) => !isDenied(denials, action))
    .map((action) => `a denial of ${action}`);
};
