import { describeRuleContract } from '@compliance/core/testing';
import { NOBODY, otherKeys, user } from '@compliance/iam-credential-report/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  now: new Date(Date.now() + 7.5 * 86_400_000),
  compliant: {
    'a user with one active key': user({ active: 1 }),
    'a user with one active key and one that is not active': user({ active: 1, inactive: 1, named: true }),
  },
  nonCompliant: {
    'a user with two active keys': user({ active: 2 }),
    'a user in a path, with two active keys': user({ active: 2, path: '/teams/', named: true }),
  },
  untouched: otherKeys,
  gone: NOBODY,
});
