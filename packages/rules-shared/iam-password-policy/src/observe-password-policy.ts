import { ACCOUNT_TYPE, type Rule } from '@compliance/core/rule';

import { passwordPolicy, type PasswordPolicy } from './password-policy.ts';

/** The password policy that applies in an account. */
export interface ObservedPasswordPolicy {
  /** False: the account has no policy of its own, so AWS's default applies. */
  readonly custom: boolean;
  readonly policy: PasswordPolicy;
}

/**
 * Creates the `observe` of a rule on passwords from its facts.
 * The rules of a sweep share one read of the policy. An account always has facts, with AWS's default if need be.
 */
export const observePasswordPolicy = <Facts>(
  factsOf: (seen: ObservedPasswordPolicy) => Facts,
): Pick<Rule<Facts>['observe'], 'get' | 'list'> => {
  const observationOf = (live: PasswordPolicy | undefined) => ({
    facts: factsOf({ custom: live !== undefined, policy: live ?? passwordPolicy.defaults }),
  });
  return {
    get: async (_, { session }) => observationOf(await passwordPolicy.read('', session)),
    list: async function* ({ session }) {
      const live = await session.onceInAccount(passwordPolicy.kind, () => passwordPolicy.read('', session));
      const resource = { resourceType: ACCOUNT_TYPE, resourceId: session.accountId };
      yield { resource, ...observationOf(live) };
    },
  };
};

/** The subject of an annotation: the policy that was found. */
export const describePasswordPolicy = ({ custom }: Pick<ObservedPasswordPolicy, 'custom'>): string =>
  custom ? 'The password policy' : 'The account has no password policy; the AWS default';
