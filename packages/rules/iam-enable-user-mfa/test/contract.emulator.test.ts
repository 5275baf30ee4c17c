import { describeRuleContract } from '@compliance/core/testing';
import { NOBODY, user } from '@compliance/iam-credential-report/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  compliant: {
    'a user with a password and MFA': user({ password: true, mfa: true, named: true }),
    'a user with an access key and no password': user({ active: 1 }),
  },
  nonCompliant: {},
  manual: { 'a user in a path, with a password and no MFA': user({ password: true, path: '/people/' }) },
  gone: NOBODY,
});
