import { GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';

const getVersioning = new GetBucketVersioningCommand({ Bucket: 'a' });
const answers = [on(S3Client, GetBucketVersioningCommand, () => ({ Status: 'Enabled' as const }))];

test('an undeclared action is denied and not sent, in any Region', async () => {
  const session = fakeSession({ allow: ['s3:PutBucketVersioning'], answers });
  for (const inRegion of [session, session.at('us-east-1')])
    await expect(inRegion.client(S3Client).send(getVersioning)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 's3:GetBucketVersioning is not a declared permission',
    });
  expect(session.sent).toEqual([]);
});

test('a declared call is answered and recorded', async () => {
  const session = fakeSession({ allow: [{ action: 's3:GetBucketVersioning', resource: 'arn' }], answers });
  await expect(session.client(S3Client).send(getVersioning)).resolves.toMatchObject({ Status: 'Enabled' });
  expect(session.sent).toEqual([{ operation: 'GetBucketVersioning', input: { Bucket: 'a' } }]);
});

test('a call without a prepared answer fails and names the operation', async () => {
  const session = fakeSession({ allow: ['s3:GetBucketVersioning'], answers: [] });
  await expect(session.client(S3Client).send(getVersioning)).rejects.toThrow(
    'Missing answer to GetBucketVersioning',
  );
});

test('an answer may fail with an error of AWS', async () => {
  const failing = [
    on(S3Client, GetBucketVersioningCommand, () => {
      throw awsError('NoSuchBucket', 'gone', 404);
    }),
  ];
  const session = fakeSession({ allow: ['s3:GetBucketVersioning'], answers: failing });
  await expect(session.client(S3Client).send(getVersioning)).rejects.toMatchObject({ name: 'NoSuchBucket' });
});
