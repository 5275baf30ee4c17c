import { ACCOUNT_TYPE, type Rule } from '@compliance/core/rule';

import { passwordPolicy, type PasswordPolicy } from './password-policy.ts';

/** What holds for passwords in an account. */
export interface ObservedPasswordPolicy {
  /** False where the account has no policy of its own: AWS's default holds then. */
  readonly custom: boolean;
  readonly policy: PasswordPolicy;
}

/**
 * How a rule on passwords observes: each rule takes its facts from the one policy of the account, which the rules of
 * a sweep read once together. An account without a policy of its own is observed like any other.
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

/** The subject of an annotation: whose rules on passwords were found. */
export const describePasswordPolicy = ({ custom }: Pick<ObservedPasswordPolicy, 'custom'>): string =>
  custom ? 'The password policy' : 'There is no password policy; the default of AWS';
