import {
  GetBucketAclCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { describeBuckets } from '../src/public-buckets.ts';
import { rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::::Account', resourceId: accountId };
const context = (refuseIfPublicBucketsExist: boolean) => ({
  parameters: { refuseIfPublicBucketsExist },
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});

/** Three buckets: one that must not be read, one that is deleted meanwhile, one that is public by its policy. */
const session = fakeSession({
  allow: rule.permissions.get,
  answers: [
    on(S3Client, ListBucketsCommand, () => ({
      Buckets: [
        { Name: 'secret', BucketRegion: 'eu-west-1' },
        { Name: 'deleted', BucketRegion: 'eu-west-1' },
        { Name: 'downloads', BucketRegion: 'eu-central-1' },
      ],
    })),
    on(S3Client, GetPublicAccessBlockCommand, ({ Bucket }) => {
      throw awsError(
        Bucket === 'secret'
          ? 'AccessDenied'
          : Bucket === 'deleted'
            ? 'NoSuchBucket'
            : 'NoSuchPublicAccessBlockConfiguration',
      );
    }),
    on(S3Client, GetBucketPolicyStatusCommand, (_, region) => ({
      PolicyStatus: { IsPublic: region === 'eu-central-1' },
    })),
    on(S3Client, GetBucketAclCommand, () => ({ Grants: [] })),
  ],
});

test('buckets are read in their own Region, and one that must not be read counts as public', async () => {
  const observation = await rule.observe.get(resource, { session });
  expect(observation).toEqual({
    facts: {
      set: false,
      off: ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'],
    },
    handles: { publicBuckets: ['downloads', 'secret'] },
  });
});

test('a sweep costs one call', async () => {
  const before = session.sent.length;
  const [listed] = await Array.fromAsync(rule.observe.list({ session }));
  expect(listed).toMatchObject({ facts: { set: false } });
  expect(session.sent).toHaveLength(before + 1);
});

const fixWith = (refuseIfPublicBucketsExist: boolean) =>
  rule.fix?.({
    ...context(refuseIfPublicBucketsExist),
    resource,
    facts: { set: false, off: [] },
    handles: { publicBuckets: ['downloads'] },
  });

test('a fix is left to a person while a bucket is public, unless the settings say otherwise', () => {
  expect(fixWith(true)).toEqual({ manual: expect.stringContaining('Public now: downloads.') });
  expect(fixWith(false)).toMatchObject({
    risk: 'disruptive',
    description: 'Block public access to all buckets of the account. Public now: downloads',
  });
});

test('the first public buckets are named and the others counted', () => {
  const names = Array.from({ length: 12 }, (_, index) => `b${index}`);
  expect(describeBuckets(names, 10)).toMatch(/^b0, .*b9 and 2 more$/);
  expect(describeBuckets([], 10)).toBe('no bucket');
});
