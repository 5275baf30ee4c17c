import { describeRuleContract } from '@compliance/core/testing';
import { account, untouchedBy } from '@compliance/iam-password-policy/testing';

import { iamPreventPasswordReuse } from '../src/rule.ts';

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
    'an account whose policy remembers no password': account({
      MinimumPasswordLength: 16,
      RequireSymbols: true,
      MaxPasswordAge: 90,
      AllowUsersToChangePassword: true,
      HardExpiry: true,
    }),
  },
  untouched: untouchedBy('PasswordReusePrevention'),
});
