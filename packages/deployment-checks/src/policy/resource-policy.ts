import type { Allowance, PolicyDocument, Statement } from '../model/policy-document.ts';
import { and, matchesAction, matchesResource, type Certainty } from './service-control.ts';

/** Whether resource-based policies allow an action. `matchesCaller` decides whether a statement applies to the caller. */
export const resourcePolicyAllows = (
  documents: readonly PolicyDocument[],
  need: Pick<Allowance, 'action' | 'resource'>,
  matchesCaller: (statement: Statement) => Certainty,
): Certainty => {
  const withEffect = (effect: Statement['Effect']) =>
    documents
      .flatMap(({ Statement: statements }) => statements)
      .filter((statement) => statement.Effect === effect && matchesAction(statement, need))
      .map((statement) => and(matchesResource(statement, need), matchesCaller(statement)));
  const [allowed, denied] = [withEffect('Allow'), withEffect('Deny')];
  if (denied.includes('yes') || allowed.every((certainty) => certainty === 'no')) return 'no';
  return allowed.includes('yes') && !denied.includes('perhaps') ? 'yes' : 'perhaps';
};

/** The principals that a statement names. Accounts appear as written: id or ARN. */
export const principalsIn = (principal: Statement['Principal']): readonly string[] =>
  Object.values(principal ?? {}).flatMap((names) => names ?? []);

/** Whether a principal is the account itself. */
export const isAccountPrincipal = (principal: string, accountId: string): boolean =>
  principal === accountId || new RegExp(`^arn:[^:]+:iam::${accountId}:root$`).test(principal);

type Condition = Statement['Condition'];

const EQUALITIES = new Set(['StringEquals', 'ForAllValues:StringEquals', 'ForAnyValue:StringEquals']);

/**
 * What a condition requires beyond the keys whose values are known; `undefined` when a known value does not meet it.
 * @param known Condition keys in lower case.
 */
export const remainingCondition = (
  condition: Condition,
  known: Readonly<Record<string, string>>,
): Condition | undefined => {
  const remaining: Record<string, Record<string, string[]>> = {};
  for (const [operator, keys] of Object.entries(condition))
    for (const [key, values] of Object.entries(keys)) {
      const value = EQUALITIES.has(operator) ? known[key.toLowerCase()] : undefined;
      if (value === undefined) remaining[operator] = { ...remaining[operator], [key]: values };
      else if (!values.includes(value)) return undefined;
    }
  return remaining;
};
