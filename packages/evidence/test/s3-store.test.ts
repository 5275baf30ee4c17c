import { S3Client } from '@aws-sdk/client-s3';
import { awsError, bucketAnswers, fakeSession, type Buckets } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { s3Store } from '../src/index.ts';

const openStore = (conflicts = 0) => {
  const buckets: Buckets = new Map();
  let left = conflicts;
  const answers = bucketAnswers(buckets).map(({ operation, answer }) => ({
    operation,
    answer: (...asked: Parameters<typeof answer>) => {
      if (operation === 'PutObject' && (left -= 1) >= 0)
        throw awsError('ConditionalRequestConflict', 'Another request is at work.', 409);
      return answer(...asked);
    },
  }));
  const session = fakeSession({ allow: ['s3:PutObject', 's3:GetObject', 's3:ListBucket'], answers });
  return { buckets, store: s3Store(session.client(S3Client), 'sealed') };
};

test('an object of a bucket that is longer than its place allows is not read, and is named', async () => {
  const { store } = openStore();
  await store.create('head', Buffer.alloc(100));
  await expect(store.read('head', 99)).rejects.toThrow('It has more than 99 bytes: s3://sealed/head.');
  await expect(store.read('head', 100)).resolves.toHaveLength(100);
  await expect(store.read('none', 100)).resolves.toBeUndefined();
});

test('an object is created once, also after conflicts with another request', async () => {
  const { store, buckets } = openStore(3);
  expect(await store.create('head', Buffer.from('first'))).toBe(true);
  expect(await store.create('head', Buffer.from('second'))).toBe(false);
  expect(buckets.get('sealed')?.get('head')?.toString()).toBe('first');
});

test('conflicts that do not end are an error, and no answer', async () => {
  const { store } = openStore(Infinity);
  await expect(store.create('head', Buffer.from('first'))).rejects.toMatchObject({
    name: 'ConditionalRequestConflict',
  });
});

test('a listing goes over all pages, in order, and after a key', async () => {
  const { store } = openStore();
  const keys = Array.from({ length: 2100 }, (_, index) => `heads/${String(index).padStart(4, '0')}`);
  for (const key of keys.toReversed()) await store.create(key, Buffer.from(key));
  await store.create('manifests/0', Buffer.from('{}'));
  await expect(Array.fromAsync(store.list({ prefix: 'heads/' }))).resolves.toEqual(keys);
  const rest = store.list({ prefix: 'heads/', after: 'heads/2097' });
  await expect(Array.fromAsync(rest)).resolves.toEqual(['heads/2098', 'heads/2099']);
});
