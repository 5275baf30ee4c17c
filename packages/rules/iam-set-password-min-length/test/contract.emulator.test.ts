import {
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
  type UpdateAccountPasswordPolicyCommandInput,
} from '@aws-sdk/client-iam';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { passwordPolicy } from '@compliance/iam-password-policy';

import { iamSetPasswordMinLength } from '../src/rule.ts';

const account = (policy?: UpdateAccountPasswordPolicyCommandInput) => async (admin: Session) => {
  if (policy) await admin.client(IAMClient).send(new UpdateAccountPasswordPolicyCommand(policy));
  return { resourceType: 'AWS::::Account', resourceId: admin.accountId };
};

/** The members that no fix of this rule sets. */
const untouched = async (_: Resource, admin: Session) => {
  const policy = (await passwordPolicy.read('', admin)) ?? passwordPolicy.defaults;
  const { RequireSymbols, AllowUsersToChangePassword, HardExpiry, MaxPasswordAge, PasswordReusePrevention } =
    policy;
  return { RequireSymbols, AllowUsersToChangePassword, HardExpiry, MaxPasswordAge, PasswordReusePrevention };
};

describeRuleContract(iamSetPasswordMinLength, {
  compliant: {
    'an account that asks for 14 characters': account({ MinimumPasswordLength: 14 }),
    'an account that asks for more': account({ MinimumPasswordLength: 20 }),
  },
  nonCompliant: {
    'an account without a password policy': account(),
    'an account that asks for 13 characters': account({ MinimumPasswordLength: 13 }),
    'an account whose policy says nothing of length': account({ RequireSymbols: true }),
    'an account with much else in its policy': account({
      MinimumPasswordLength: 8,
      RequireSymbols: true,
      AllowUsersToChangePassword: true,
      MaxPasswordAge: 90,
      PasswordReusePrevention: 5,
      HardExpiry: true,
    }),
  },
  untouched,
});
