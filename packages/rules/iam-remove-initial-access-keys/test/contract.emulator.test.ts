import { describeRuleContract } from '@compliance/core/testing';
import { NOBODY, otherKeys, user } from '@compliance/iam-credential-report/testing';

import { rule } from '../src/rule.ts';

describeRuleContract(rule, {
  compliant: {
    'a console user without a key': user({ password: true }),
    'a user of the API alone, with a key': user({ active: 1, named: true }),
    'a console user whose key is not active': user({ password: true, inactive: 1 }),
  },
  nonCompliant: {
    'a console user with two keys': user({ password: true, active: 2 }),
    'a console user with a key and one that is not active': user({
      password: true,
      active: 1,
      inactive: 1,
      named: true,
    }),
  },
  untouched: otherKeys,
  gone: NOBODY,
});
