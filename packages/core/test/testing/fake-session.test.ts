import { GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { expect, test } from 'vitest';

import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';

const ask = new GetBucketVersioningCommand({ Bucket: 'a' });
const answers = [on(S3Client, GetBucketVersioningCommand, () => ({ Status: 'Enabled' as const }))];

test('a call whose action is not declared is denied and not sent, in any Region', async () => {
  const session = fakeSession({ allow: ['s3:PutBucketVersioning'], answers });
  for (const place of [session, session.at('us-east-1')])
    await expect(place.client(S3Client).send(ask)).rejects.toMatchObject({
      name: 'AccessDenied',
      message: 's3:GetBucketVersioning is not a declared permission',
    });
  expect(session.sent).toEqual([]);
});

test('a declared call is answered and remembered', async () => {
  const session = fakeSession({ allow: [{ action: 's3:GetBucketVersioning', resource: 'arn' }], answers });
  await expect(session.client(S3Client).send(ask)).resolves.toMatchObject({ Status: 'Enabled' });
  expect(session.sent).toEqual([{ operation: 'GetBucketVersioning', input: { Bucket: 'a' } }]);
});

test('a call that nobody foresaw fails and says which', async () => {
  const session = fakeSession({ allow: ['s3:GetBucketVersioning'], answers: [] });
  await expect(session.client(S3Client).send(ask)).rejects.toThrow('no answer for GetBucketVersioning');
});

test('an answer may fail as AWS does', async () => {
  const failing = [
    on(S3Client, GetBucketVersioningCommand, () => {
      throw awsError('NoSuchBucket', 'gone', 404);
    }),
  ];
  const session = fakeSession({ allow: ['s3:GetBucketVersioning'], answers: failing });
  await expect(session.client(S3Client).send(ask)).rejects.toMatchObject({ name: 'NoSuchBucket' });
});
