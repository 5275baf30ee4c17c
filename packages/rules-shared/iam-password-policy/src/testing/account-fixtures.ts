import { IAMClient, UpdateAccountPasswordPolicyCommand } from '@aws-sdk/client-iam';
import { ACCOUNT_TYPE, type Resource, type Session } from '@compliance/core/rule';

import { passwordPolicy, type PasswordPolicy } from '../password-policy.ts';

/** An account with this password policy, or with none of its own. */
export const account =
  (policy?: Partial<PasswordPolicy>) =>
  async (admin: Session): Promise<Resource> => {
    if (policy) await admin.client(IAMClient).send(new UpdateAccountPasswordPolicyCommand(policy));
    return { resourceType: ACCOUNT_TYPE, resourceId: admin.accountId };
  };

/** Reads what a fix of these members must not change: all others but the kinds of characters. */
export const untouchedBy =
  (...members: readonly (keyof PasswordPolicy)[]) =>
  async (_: Resource, admin: Session): Promise<Partial<PasswordPolicy>> => {
    const fixed = new Set<string>(members);
    const {
      RequireUppercaseCharacters: _upper,
      RequireLowercaseCharacters: _lower,
      RequireNumbers: _numbers,
      ...others
    } = (await passwordPolicy.read('', admin)) ?? passwordPolicy.defaults;
    return Object.fromEntries(Object.entries(others).filter(([name]) => !fixed.has(name)));
  };

/** The fixtures of a rule that requires characters of one kind. */
export const charactersFixtures = (member: keyof PasswordPolicy) => ({
  compliant: { 'an account that requires such a character': account({ [member]: true }) },
  nonCompliant: {
    'an account without a password policy': account(),
    'an account whose policy has all other members': account({ ...ALL, [member]: false }),
  },
  untouched: untouchedBy(member),
});

const ALL: PasswordPolicy = {
  MinimumPasswordLength: 16,
  RequireSymbols: true,
  RequireNumbers: true,
  RequireUppercaseCharacters: true,
  RequireLowercaseCharacters: true,
  AllowUsersToChangePassword: true,
  HardExpiry: true,
  MaxPasswordAge: 90,
  PasswordReusePrevention: 5,
};
