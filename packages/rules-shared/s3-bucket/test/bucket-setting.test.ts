import {
  GetBucketVersioningCommand,
  ListBucketsCommand,
  S3Client,
  type ListBucketsCommandInput,
} from '@aws-sdk/client-s3';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { BUCKET, bucketSetting, type Bucket } from '../src/index.ts';

const session = fakeSession({
  allow: ['s3:ListAllMyBuckets', 's3:GetBucketVersioning'],
  answers: [
    on(S3Client, ListBucketsCommand, ({ BucketRegion }: ListBucketsCommandInput) => ({
      Buckets: ['logs', 'gone', 'secret', 'data'].map((Name) => ({ Name, BucketRegion })),
    })),
    on(S3Client, GetBucketVersioningCommand, ({ Bucket: name }) => {
      if (name === 'gone') throw awsError('NoSuchBucket');
      if (name === 'secret') throw awsError('AccessDenied');
      return { Status: 'Enabled' as const };
    }),
  ],
});
const read = async (bucket: Bucket, { client }: Pick<typeof session, 'client'>) =>
  (await client(S3Client).send(new GetBucketVersioningCommand(bucket))).Status ?? 'Off';
const setting = {
  item: () => undefined,
  read: async (bucket: Bucket, of: Pick<typeof session, 'client'>) => ({ facts: await read(bucket, of) }),
};
const observe = bucketSetting(setting);
const resource = (resourceId: string) => ({ resourceType: BUCKET, resourceId });

test('a bucket is read with its owner, because its name may be another account’s by now', async () => {
  await expect(observe.get(resource('logs'), { session })).resolves.toEqual({
    facts: 'Enabled',
    identity: { resourceName: 'logs' },
  });
  expect(session.sent.at(-1)?.input).toEqual({ Bucket: 'logs', ExpectedBucketOwner: '111122223333' });
});

test('a bucket that is deleted since the listing is gone, and one that must not be read is an error', async () => {
  await expect(observe.get(resource('gone'), { session })).resolves.toBeUndefined();
  await expect(observe.get(resource('secret'), { session })).rejects.toThrow('AccessDenied');
});

test('a listing names the buckets of its own Region without a read of each', async () => {
  const before = session.sent.length;
  const listed = await Array.fromAsync(observe.list({ session: session.at('eu-central-1') }));
  expect(listed.map((one) => one.resource.resourceId)).toEqual(['logs', 'gone', 'secret', 'data']);
  expect(session.sent.slice(before)).toEqual([
    { operation: 'ListBuckets', input: expect.objectContaining({ BucketRegion: 'eu-central-1' }) },
  ]);
});

test('a listing with facts leaves out deleted buckets, and leaves one that must not be read to itself', async () => {
  const withFacts = bucketSetting({ ...setting, listed: read });
  const listed = await Array.fromAsync(withFacts.list({ session }));
  expect(listed.map((one) => [one.resource.resourceId, 'facts' in one ? one.facts : 'unread'])).toEqual([
    ['logs', 'Enabled'],
    ['secret', 'unread'],
    ['data', 'Enabled'],
  ]);
});
