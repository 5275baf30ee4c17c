import { ACCOUNT_TYPE, type Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { user } from '@compliance/iam-credential-report/testing';

import { rule } from '../src/rule.ts';

// In the emulator root is never used: rule.test.ts has the violations, on a fake.
describeRuleContract(rule, {
  compliant: {
    'an account whose users have passwords and keys, and whose root was never used': async (
      admin: Session,
    ) => {
      await user({ active: 1, password: true })(admin);
      return { resourceType: ACCOUNT_TYPE, resourceId: admin.accountId };
    },
  },
  nonCompliant: {},
});
