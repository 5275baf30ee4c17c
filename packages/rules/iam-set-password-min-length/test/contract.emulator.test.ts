import { describeRuleContract } from '@compliance/core/testing';
import { account, untouchedBy } from '@compliance/iam-password-policy/testing';

import { iamSetPasswordMinLength } from '../src/rule.ts';

describeRuleContract(iamSetPasswordMinLength, {
  compliant: {
    'an account that requires 14 characters': account({ MinimumPasswordLength: 14 }),
  },
  nonCompliant: {
    'an account without a password policy': account(),
    'an account whose policy has no length': account({ RequireSymbols: true }),
    'an account whose policy has other members': account({
      MinimumPasswordLength: 8,
      RequireSymbols: true,
      AllowUsersToChangePassword: true,
      MaxPasswordAge: 90,
      PasswordReusePrevention: 5,
      HardExpiry: true,
    }),
  },
  untouched: untouchedBy('MinimumPasswordLength'),
});
