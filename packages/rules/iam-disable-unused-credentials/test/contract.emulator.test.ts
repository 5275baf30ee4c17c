import { describeRuleContract } from '@compliance/core/testing';
import { NOBODY, otherKeys, user } from '@compliance/iam-credential-report/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  now: new Date(Date.now() + 45.5 * 86_400_000),
  compliant: {
    'a user without a credential': user(),
    'a user whose unused key is not active': user({ inactive: 1, named: true }),
  },
  nonCompliant: {
    'a user with two keys that were never used': user({ active: 2 }),
    'a user with an unused key and one that is not active': user({ active: 1, inactive: 1, named: true }),
  },
  oneWay: {
    'a user with a password that was never used': user({ password: true }),
    'a user with an unused password and an unused key': user({ password: true, active: 1 }),
  },
  untouched: otherKeys,
  gone: NOBODY,
});
