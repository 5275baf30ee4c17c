import { describeRuleContract } from '@compliance/core/testing';
import { account, untouchedBy } from '@compliance/iam-password-policy/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  compliant: { 'an account whose passwords expire after 90 days': account({ MaxPasswordAge: 90 }) },
  nonCompliant: {
    'an account without a password policy': account(),
    'an account whose passwords never expire': account({
      MinimumPasswordLength: 16,
      RequireSymbols: true,
      AllowUsersToChangePassword: true,
      PasswordReusePrevention: 5,
    }),
    'an account whose passwords expire late and hard': account({ MaxPasswordAge: 91, HardExpiry: true }),
  },
  untouched: untouchedBy('MaxPasswordAge', 'HardExpiry'),
});
