import { createHash } from 'node:crypto';

import { describeConditions, type Statement } from '../model/policy-document.ts';

/** Whom a statement of a resource's policy lets do what, or keeps from it. */
export const describeStatement = (statement: Statement): string => {
  const { Action, NotAction, Resource, NotResource } = statement;
  const actions = Action?.toSorted().join(', ') ?? `all but ${NotAction?.toSorted().join(', ') ?? 'nothing'}`;
  const resources =
    Resource?.toSorted().join(', ') ?? (NotResource ? `all but ${NotResource.join(', ')}` : 'it');
  const what = `${actions} on ${resources}${conditionsOf(statement)}`;
  // The policy of a role is about that role.
  return statement.Principal || statement.NotPrincipal !== undefined
    ? `${describePrincipals(statement)}: ${what}`
    : what;
};

/** Whom a statement is about, and under which conditions. */
export const describeTrust = (statement: Statement): string =>
  `${describePrincipals(statement)}${conditionsOf(statement)}`;

/** To add a denial takes rights away, and to remove it gives them. */
export const isDenial = ({ Effect }: Statement): boolean => Effect === 'Deny';

const describePrincipals = ({ Principal, NotPrincipal }: Statement): string => {
  if (NotPrincipal !== undefined) return 'everybody but some';
  const principals = Object.values(Principal ?? {}).flatMap((names) => names ?? []);
  return principals.map((name) => (name === '*' ? 'everybody' : name)).join(', ') || 'nobody';
};

const conditionsOf = ({ Condition }: Statement): string => describeConditions(Condition, shown);

/** An external id is no password, but needs no stage either: the same one has the same digits. */
const shown = (key: string, value: string): string =>
  key.toLowerCase() === 'sts:externalid'
    ? `#${createHash('sha256').update(value).digest('hex').slice(0, 6)}`
    : value;
