import { KMSClient, ListKeysCommand, type ListKeysCommandInput } from '@aws-sdk/client-kms';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { keyShape, sharedKeys } from '../src/index.ts';

test('the keys of a Region are listed with all pages, once for all rules', async () => {
  const session = fakeSession({
    allow: ['kms:ListKeys'],
    answers: [
      on(KMSClient, ListKeysCommand, ({ Marker }: ListKeysCommandInput) =>
        Marker === undefined
          ? { Keys: [{ KeyId: 'first' }], Truncated: true, NextMarker: 'next' }
          : { Keys: [{ KeyId: 'second' }] },
      ),
    ],
  });
  const [keys, again] = await Promise.all([sharedKeys(session), sharedKeys(session)]);
  expect(keys.map(({ KeyId }) => KeyId)).toEqual(['first', 'second']);
  expect(again).toBe(keys);
  expect(session.sent).toHaveLength(2);
});

test('the ARN of a key has the partition, Region and account of the session', () => {
  const session = fakeSession({ allow: [], answers: [], region: 'cn-north-1' });
  expect(keyShape.arn?.('k1', session)).toBe('arn:aws-cn:kms:cn-north-1:111122223333:key/k1');
});
