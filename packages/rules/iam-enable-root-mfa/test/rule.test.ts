import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const verdictIn = (partition: string, facts: { hasPassword: boolean; hasMfa: boolean }) =>
  rule.judge(facts, {
    parameters: {},
    accountId: AccountId.parse('111122223333'),
    region: 'eu-west-1',
    partition,
    now: new Date('2026-11-20T12:00:00Z'),
  });

test.for([
  [{ hasPassword: true, hasMfa: false }, 'NON_COMPLIANT'],
  [{ hasPassword: true, hasMfa: true }, 'COMPLIANT'],
  [{ hasPassword: false, hasMfa: true }, 'COMPLIANT'],
  [{ hasPassword: false, hasMfa: false }, 'COMPLIANT'],
] as const)(
  'a root user with %j is %s: without a password there is nothing to protect',
  ([facts, verdict]) => {
    expect(verdictIn('aws', facts).complianceType).toBe(verdict);
  },
);

test.each([
  ['aws-cn', 'The Regions of China have no root user.'],
  ['aws-us-gov', "The root user of GovCloud cannot have MFA; that of the account's standard account can."],
])('in %s, where root cannot have MFA, the rule concerns no account', (partition, annotation) => {
  expect(verdictIn(partition, { hasPassword: true, hasMfa: false })).toEqual({
    complianceType: 'NOT_APPLICABLE',
    annotation,
  });
});
