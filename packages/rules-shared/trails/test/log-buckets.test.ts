import {
  GetBucketLoggingCommand,
  ListBucketsCommand,
  S3Client,
  type ListBucketsCommandInput,
} from '@aws-sdk/client-s3';
import { AccountId } from '@compliance/core';
import { compliant } from '@compliance/core/rule';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { judgeLogBucket, LOG_BUCKET_READS, observeLogBuckets } from '../src/log-buckets.ts';
import { describedTrail as described, fakeTrails, MANAGEMENT, ME } from '../src/testing/index.ts';

const observe = observeLogBuckets(async (bucket, session) => {
  const { LoggingEnabled } = await session.client(S3Client).send(new GetBucketLoggingCommand(bucket));
  return { target: LoggingEnabled?.TargetBucket ?? null };
});

/** An account whose own trails deliver to `own` and to a central bucket, and the organization's to `org`. */
const account = (names: readonly string[], code?: string) =>
  fakeSession({
    allow: [...LOG_BUCKET_READS, 's3:ListAllMyBuckets', 's3:GetBucketLogging'],
    answers: [
      ...fakeTrails([
        described(ME, { S3BucketName: 'own' }),
        described(ME, { Name: 'second', S3BucketName: 'own' }),
        described(ME, { Name: 'third', S3BucketName: 'central-in-another-account' }),
        described(MANAGEMENT, { Name: 'org', S3BucketName: 'org' }),
      ]),
      on(S3Client, ListBucketsCommand, ({ BucketRegion }: ListBucketsCommandInput) => ({
        Buckets: BucketRegion === 'eu-west-1' ? names.map((Name) => ({ Name })) : [],
      })),
      on(S3Client, GetBucketLoggingCommand, () => {
        if (code !== undefined) throw awsError(code);
        return {};
      }),
    ],
  });
const get = (resourceId: string, code?: string) =>
  observe.get({ resourceType: 'AWS::S3::Bucket', resourceId }, { session: account([resourceId], code) });

test('the log buckets of this account are read once each, with those of the organization’s trail', async () => {
  const session = account(['own', 'org', 'other']);
  const listed = await Array.fromAsync(observe.list({ session }));
  expect(listed).toMatchObject([
    { resource: { resourceId: 'own' }, facts: { log: { target: null } } },
    { resource: { resourceId: 'org' }, facts: { log: { target: null } } },
    { resource: { resourceId: 'other' }, facts: { log: null } },
  ]);
  expect(session.sent.filter(({ operation }) => operation === 'GetBucketLogging')).toEqual([
    { operation: 'GetBucketLogging', input: { Bucket: 'own', ExpectedBucketOwner: ME } },
    { operation: 'GetBucketLogging', input: { Bucket: 'org', ExpectedBucketOwner: ME } },
  ]);
});

test('a log bucket of another account is left to its owner', async () => {
  const listed = await Array.fromAsync(observe.list({ session: account(['own']) }));
  expect(listed.map(({ resource }) => resource.resourceId)).toEqual(['own']);
});

test('a log bucket that was deleted is gone', async () => {
  await expect(get('own', 'NoSuchBucket')).resolves.toBeUndefined();
});

test('a bucket that may not be read leaves the others their facts, and fails alone', async () => {
  const listed = await Array.fromAsync(observe.list({ session: account(['own', 'other'], 'AccessDenied') }));
  expect(listed[0]).not.toHaveProperty('facts');
  expect(listed[1]).toHaveProperty('facts', { log: null });
  await expect(get('own', 'AccessDenied')).rejects.toMatchObject({ name: 'AccessDenied' });
});

test('a bucket that is throttled ends the listing, which is tried again', async () => {
  const session = account(['own'], 'SlowDown');
  await expect(Array.fromAsync(observe.list({ session }))).rejects.toThrow('SlowDown');
});

test('a rule on log buckets does not concern others', () => {
  const context = {
    parameters: {},
    accountId: AccountId.parse(ME),
    region: 'eu-west-1',
    partition: 'aws',
    now: new Date('2026-11-20T12:00:00Z'),
  };
  const judge = judgeLogBucket(() => compliant());
  expect(judge({ log: {} }, context)).toEqual({ complianceType: 'COMPLIANT' });
  expect(judge({ log: null }, context)).toEqual({
    complianceType: 'NOT_APPLICABLE',
    annotation: 'No trail of this account delivers to the bucket.',
  });
});
