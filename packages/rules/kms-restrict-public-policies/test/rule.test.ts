import { DescribeKeyCommand, GetKeyPolicyCommand, KMSClient, type KeyMetadata } from '@aws-sdk/client-kms';
import { parseConfigurationItem } from '@compliance/core';
import { fakeSession, itemOf, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const resource = { resourceType: 'AWS::KMS::Key', resourceId: 'key-1' };
const OPEN = { Sid: 'Open', Effect: 'Allow', Principal: '*', Action: 'kms:*', Resource: '*' };

const observed = (statements: readonly object[], metadata: Partial<KeyMetadata> = {}) => {
  const session = fakeSession({
    allow: rule.permissions.get,
    accountId: ACCOUNT,
    answers: [
      on(KMSClient, DescribeKeyCommand, () => ({
        KeyMetadata: {
          KeyId: 'key-1',
          KeyManager: 'CUSTOMER' as const,
          KeyState: 'Enabled' as const,
          ...metadata,
        },
      })),
      on(KMSClient, GetKeyPolicyCommand, () => ({ Policy: JSON.stringify({ Statement: statements }) })),
    ],
  });
  return rule.observe.get(resource, { session });
};

test.for([
  ['of AWS', { KeyManager: 'AWS' }],
  ['that is going to be deleted', { KeyState: 'PendingDeletion' }],
  ['whose replicas are going to be deleted first', { KeyState: 'PendingReplicaDeletion' }],
] as const)('a key %s is left out', async ([, metadata]) => {
  await expect(observed([OPEN], metadata)).resolves.toMatchObject({
    facts: { skipped: expect.stringMatching(/\S/), public: [] },
  });
});

test.for([
  ['kms:CallerAccount', ACCOUNT, 0],
  ['kms:ViaService', 's3.eu-west-1.amazonaws.com', 1],
] as const)(
  'for everybody, a condition on %s leaves statements that are public: %s, %i',
  async ([key, value, count]) => {
    const found = await observed([{ ...OPEN, Condition: { StringEquals: { [key]: value } } }]);
    expect(found?.facts.public).toHaveLength(count);
  },
);

test.for([
  ['the account itself', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, 'kms:*', {}, true],
  ['a role of the account', { AWS: `arn:aws:iam::${ACCOUNT}:role/admin` }, 'kms:Put*', {}, true],
  ['another account', { AWS: 'arn:aws:iam::444455556666:root' }, 'kms:*', {}, false],
  ['the account, for use alone', { AWS: `arn:aws:iam::${ACCOUNT}:root` }, 'kms:Decrypt', {}, false],
  [
    'the account, under a condition',
    { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    'kms:*',
    { Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } } },
    false,
  ],
] as const)(
  'beside %s, a machine may close the key: %j',
  async ([, Principal, Action, more, isManageable]) => {
    const found = await observed([OPEN, { ...OPEN, Sid: 'Other', Principal, Action, ...more }]);
    expect(found?.handles?.refusal === null).toBe(isManageable);
  },
);

const CLOSED = { ...OPEN, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } };

test.for([
  ['without anything public', CLOSED, { keyManager: 'CUSTOMER', keyState: 'Enabled' }, true],
  ['with a public statement', OPEN, { keyManager: 'CUSTOMER', keyState: 'Enabled' }, false],
  ['of AWS', CLOSED, { keyManager: 'AWS', keyState: 'Enabled' }, false],
  ['that is going to be deleted', CLOSED, { keyManager: 'CUSTOMER', keyState: 'PendingDeletion' }, false],
] as const)('the item of a key %s decides: %j', ([, statement, configuration, decides]) => {
  const session = fakeSession({ allow: [], answers: [] });
  const supplementaryConfiguration = { Policy: JSON.stringify({ Statement: [statement] }) };
  const recorded = itemOf(resource, session, { arn: 'arn', configuration, supplementaryConfiguration });
  expect(rule.observe.item?.(parseConfigurationItem(recorded)) !== undefined).toBe(decides);
});
