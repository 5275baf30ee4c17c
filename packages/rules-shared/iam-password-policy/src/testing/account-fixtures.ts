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

/** Reads what a fix of `member` must not change: all members but this one and the kinds of characters. */
export const untouchedBy =
  (member: keyof PasswordPolicy) =>
  async (_: Resource, admin: Session): Promise<Partial<PasswordPolicy>> => {
    const {
      RequireUppercaseCharacters: _upper,
      RequireLowercaseCharacters: _lower,
      RequireNumbers: _numbers,
      [member]: _fixed,
      ...others
    } = (await passwordPolicy.read('', admin)) ?? passwordPolicy.defaults;
    return others;
  };
