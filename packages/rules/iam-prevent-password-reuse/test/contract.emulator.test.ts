import {
  IAMClient,
  UpdateAccountPasswordPolicyCommand,
  type UpdateAccountPasswordPolicyCommandInput,
} from '@aws-sdk/client-iam';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { passwordPolicy } from '@compliance/iam-password-policy';

import { iamPreventPasswordReuse } from '../src/rule.ts';

const account = (policy?: UpdateAccountPasswordPolicyCommandInput) => async (admin: Session) => {
  if (policy) await admin.client(IAMClient).send(new UpdateAccountPasswordPolicyCommand(policy));
  return { resourceType: 'AWS::::Account', resourceId: admin.accountId };
};

/** The members that no fix of this rule sets. */
const untouched = async (_: Resource, admin: Session) => {
  const policy = (await passwordPolicy.read('', admin)) ?? passwordPolicy.defaults;
  const { MinimumPasswordLength, RequireSymbols, AllowUsersToChangePassword, HardExpiry, MaxPasswordAge } =
    policy;
  return { MinimumPasswordLength, RequireSymbols, AllowUsersToChangePassword, HardExpiry, MaxPasswordAge };
};

describeRuleContract(iamPreventPasswordReuse, {
  compliant: {
    'an account that remembers 24 passwords': account({
      MinimumPasswordLength: 8,
      PasswordReusePrevention: 24,
    }),
  },
  nonCompliant: {
    'an account without a password policy': account(),
    'an account that remembers 23 passwords': account({
      MinimumPasswordLength: 8,
      PasswordReusePrevention: 23,
    }),
    'an account whose policy remembers none': account({
      MinimumPasswordLength: 16,
      RequireSymbols: true,
      MaxPasswordAge: 90,
      AllowUsersToChangePassword: true,
      HardExpiry: true,
    }),
  },
  untouched,
});
