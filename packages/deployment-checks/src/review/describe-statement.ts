import { createHash } from 'node:crypto';

import { describeConditions, type Statement } from '../model/policy-document.ts';

/** Describes which principals a statement lets do what, or denies it. */
export const describeStatement = (statement: Statement): string => {
  const { Action, NotAction, Resource, NotResource } = statement;
  const actions =
    Action?.toSorted().join(', ') ?? `all except ${NotAction?.toSorted().join(', ') ?? 'nothing'}`;
  const resources =
    Resource?.toSorted().join(', ') ?? (NotResource ? `all except ${NotResource.join(', ')}` : 'it');
  const what = `${actions} on ${resources}${conditionsOf(statement)}`;
  // The policy of a role has no principal.
  return statement.Principal || statement.NotPrincipal !== undefined
    ? `${describePrincipals(statement)}: ${what}`
    : what;
};

/** Describes the principals and conditions of a statement. */
export const describeTrust = (statement: Statement): string =>
  `${describePrincipals(statement)}${conditionsOf(statement)}`;

/** Whether a statement denies: adding it removes permissions, removing it grants them. */
export const isDenial = ({ Effect }: Statement): boolean => Effect === 'Deny';

const describePrincipals = ({ Principal, NotPrincipal }: Statement): string => {
  if (NotPrincipal !== undefined) return 'everybody except some';
  const principals = Object.values(Principal ?? {}).flatMap((names) => names ?? []);
  return principals.map((name) => (name === '*' ? 'everybody' : name)).join(', ') || 'nobody';
};

const conditionsOf = ({ Condition }: Statement): string => describeConditions(Condition, shown);

/** Shows a hash instead of an external id. */
const shown = (key: string, value: string): string =>
  key.toLowerCase() === 'sts:externalid'
    ? `#${createHash('sha256').update(value).digest('hex').slice(0, 6)}`
    : value;
