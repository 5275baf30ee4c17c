import { EC2Client, GetEbsEncryptionByDefaultCommand } from '@aws-sdk/client-ec2';
import { AccountId } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const resource = { resourceType: 'AWS::::Account', resourceId: ACCOUNT };
const context = {
  parameters: {},
  accountId: AccountId.parse(ACCOUNT),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
};

test('the violation names the Region', () => {
  expect(rule.judge({ encryptedByDefault: false }, context)).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: 'EBS encryption by default is off in eu-west-1.',
  });
});

test.for([
  [{ EbsEncryptionByDefault: true }, true],
  [{ EbsEncryptionByDefault: false }, false],
  [{}, false],
] as const)(
  'one call per Region decides, without a look at volumes: %j',
  async ([answer, encryptedByDefault]) => {
    const session = fakeSession({
      allow: rule.permissions.list,
      answers: [on(EC2Client, GetEbsEncryptionByDefaultCommand, () => answer)],
    });
    await expect(Array.fromAsync(rule.observe.list({ session }))).resolves.toEqual([
      { resource, facts: { encryptedByDefault } },
    ]);
    expect(session.sent).toHaveLength(1);
  },
);

test('the plan says that existing volumes are not converted', () => {
  const fix = rule.fix?.({ ...context, resource, facts: { encryptedByDefault: false }, handles: undefined });
  expect(fix).toMatchObject({ description: expect.stringContaining('those that exist stay as they are') });
});
