import { observeAccount, type Rule, type Session } from '@compliance/core/rule';

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
  const read = (session: Session) => passwordPolicy.read('', session);
  return observeAccount(
    async (session) => observationOf(await read(session)),
    async (session) => observationOf(await session.onceInAccount(passwordPolicy.kind, () => read(session))),
  );
};

/** The subject of an annotation: the policy that was found. */
export const describePasswordPolicy = ({ custom }: Pick<ObservedPasswordPolicy, 'custom'>): string =>
  custom ? 'The password policy' : 'The account has no password policy; the AWS default';
