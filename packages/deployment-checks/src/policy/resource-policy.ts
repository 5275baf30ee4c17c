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
