import { canonical, policyOf, type Grant, type PolicyDocument } from '@compliance/core';

export interface NamedPolicy {
  readonly name: string;
  /** The one account whose role has the policy; all accounts without it. */
  readonly only?: string;
  readonly document: PolicyDocument;
}

/**
 * IAM's limits: characters of a managed policy without white space, and policies of a role.
 * @see https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
export const POLICY_CHARACTERS = 6144;
export const POLICIES_PER_ROLE = 10;

/** The size of a policy as IAM counts it. */
export const policyCharacters = (policy: object): number =>
  JSON.stringify(policy).replaceAll(/\s/g, '').length;

/** Grants that a role has in one account only. */
export interface GrantsInOneAccount {
  readonly accountId: string;
  readonly grants: readonly Grant[];
}

/**
 * Splits grants into the managed policies of one role: `compliance-evaluate`, `compliance-evaluate-2` …, and
 * `compliance-evaluate-management` … for the grants of one account.
 * Managed, not inline: all inline policies of a role share 10,240 characters. The order of the grants does not matter.
 * @throws {Error} when one grant is too large, or there are more policies than IAM attaches to a role
 */
export const splitPolicy = (
  roleName: string,
  grants: readonly Grant[],
  inOneAccount?: GrantsInOneAccount,
): readonly NamedPolicy[] => {
  const everywhere = policiesOf(roleName, roleName, distinct(grants));
  const known = new Set(grants.map(keyOf));
  const others = (inOneAccount?.grants ?? []).filter((grant) => !known.has(keyOf(grant)));
  const policies = [
    ...everywhere,
    ...policiesOf(roleName, `${roleName}-management`, distinct(others)).map((policy) => ({
      ...policy,
      ...(inOneAccount && { only: inOneAccount.accountId }),
    })),
  ];
  if (policies.length > POLICIES_PER_ROLE)
    throw new Error(
      `The role ${roleName} has too many policies: ${policies.length}; IAM's limit is ${POLICIES_PER_ROLE}. ` +
        'Turn rules off, or let several of them share a wildcard grant.',
    );
  return policies;
};

const policiesOf = (roleName: string, name: string, grants: readonly Grant[]): readonly NamedPolicy[] =>
  partsOf(roleName, grants).map((part, index) => ({
    name: index === 0 ? name : `${name}-${index + 1}`,
    document: policyOf(part),
  }));

const partsOf = (roleName: string, grants: readonly Grant[]): readonly (readonly Grant[])[] => {
  const parts: Grant[][] = [];
  for (const grant of grants) {
    const last = parts.at(-1);
    if (last && fits([...last, grant])) last.push(grant);
    else if (fits([grant])) parts.push([grant]);
    else
      throw new Error(
        `A grant of the role ${roleName} exceeds the ${POLICY_CHARACTERS} characters of a policy: ` +
          `${JSON.stringify(grant).slice(0, 200)}… Use fewer resources.`,
      );
  }
  return parts;
};

const fits = (grants: readonly Grant[]) => policyCharacters(policyOf(grants)) <= POLICY_CHARACTERS;

/** Sorts the grants by resource and condition, so that a split divides as few statements as possible. */
const distinct = (grants: readonly Grant[]): readonly Grant[] => {
  const byKey = new Map(grants.map((grant) => [keyOf(grant), grant]));
  return [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, grant]) => grant);
};

const keyOf = (grant: Grant): string => {
  const { action, resource = '*', condition } = typeof grant === 'string' ? { action: grant } : grant;
  return canonical([[resource].flat().toSorted(), condition, action]);
};
