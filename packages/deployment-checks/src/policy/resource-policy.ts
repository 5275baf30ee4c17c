import type { Allowance, PolicyDocument, Statement } from '../model/policy-document.ts';
import { both, isAboutAction, isAboutResource, type Certainty } from './service-control.ts';

/** Whether the policies of a resource let a caller do something; `isMeant`: whether a statement speaks of that caller. */
export const letsIn = (
  documents: readonly PolicyDocument[],
  need: Pick<Allowance, 'action' | 'resource'>,
  isMeant: (statement: Statement) => Certainty,
): Certainty => {
  const about = (effect: Statement['Effect']) =>
    documents
      .flatMap(({ Statement: statements }) => statements)
      .filter((statement) => statement.Effect === effect && isAboutAction(statement, need))
      .map((statement) => both(isAboutResource(statement, need), isMeant(statement)));
  const [allowed, denied] = [about('Allow'), about('Deny')];
  if (denied.includes('yes') || allowed.every((is) => is === 'no')) return 'no';
  return allowed.includes('yes') && !denied.includes('perhaps') ? 'yes' : 'perhaps';
};

/** Whom a statement names, accounts as they are written: by id or ARN. */
export const principalsIn = (principal: Statement['Principal']): readonly string[] =>
  Object.values(principal ?? {}).flatMap((names) => names ?? []);

/** Whether a principal is the account itself. */
export const isAccount = (principal: string, accountId: string): boolean =>
  principal === accountId || new RegExp(`^arn:[^:]+:iam::${accountId}:root$`).test(principal);
