import { ACCOUNT_TYPE, type Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { USER_NAME, user } from '@compliance/iam-credential-report/testing';

import { rule } from '../src/rule.ts';

const accountWith = (seed: (admin: Session) => Promise<unknown>) => async (admin: Session) => {
  await seed(admin);
  return { resourceType: ACCOUNT_TYPE, resourceId: admin.accountId };
};

/** The bystander of each seed has a password. */
const emergency = { allowedLocalConsoleUsers: ['bystander'] };

describeRuleContract(rule, {
  parameters: emergency,
  compliant: {
    'an account without users': accountWith(async () => undefined),
    'an account whose one console user is for emergencies': accountWith(user({ active: 1 })),
  },
  nonCompliant: {},
  manual: { 'an account with another console user': accountWith(user({ password: true })) },
});

describeRuleContract(rule, {
  parameters: { allowedLocalConsoleUsers: [USER_NAME] },
  compliant: {},
  nonCompliant: {},
  manual: { 'an account whose console user is not the allowed one': accountWith(user({ password: true })) },
});
