import {
  GetBucketAclCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  ListBucketsCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AccountId, parseConfigurationItem } from '@compliance/core';
import { awsError, fakeSession, itemOf, on } from '@compliance/core/testing';
import { blockWithout, type BlockFlag, type PublicAccessBlock } from '@compliance/s3-bucket';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const resource = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };
const context = (honourAccountSetting = true) => ({
  parameters: { honourAccountSetting },
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const off = (...flags: BlockFlag[]) => flags;

test('the account’s setting makes up for the bucket’s, flag by flag, unless it does not count', () => {
  const facts = {
    set: true,
    off: off('BlockPublicAcls', 'BlockPublicPolicy'),
    open: off('BlockPublicPolicy'),
  };
  expect(rule.judge(facts, context())).toMatchObject({
    annotation: 'Block Public Access is off for the bucket and for the account: BlockPublicPolicy.',
  });
  expect(rule.judge({ ...facts, open: [] }, context())).toEqual({ complianceType: 'COMPLIANT' });
  expect(rule.judge({ ...facts, open: [] }, context(false))).toMatchObject({
    annotation: 'Block Public Access is off for the bucket: BlockPublicAcls, BlockPublicPolicy.',
  });
});

test.for([
  [
    { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: true },
    true,
  ],
  [
    { blockPublicAcls: true, ignorePublicAcls: true, blockPublicPolicy: true, restrictPublicBuckets: false },
    false,
  ],
  [{ blockPublicAcls: true, ignorePublicAcls: true }, false],
  [undefined, false],
] as const)('an item with the setting %j decides: %s', ([block, decides]) => {
  const session = fakeSession({ allow: [], answers: [] });
  const supplementaryConfiguration = { PublicAccessBlockConfiguration: block };
  const item = parseConfigurationItem(
    itemOf(resource, session, { arn: 'arn:aws:s3:::logs', supplementaryConfiguration }),
  );
  expect(rule.observe.item?.(item) !== undefined).toBe(decides);
});

const ALL_USERS = 'http://acs.amazonaws.com/groups/global/AllUsers';
const observed = (block: PublicAccessBlock | undefined, accountBlock?: PublicAccessBlock) => {
  const answers = [
    // Both services answer an operation of this name; only S3 Control's input names the account.
    on(S3Client, GetPublicAccessBlockCommand, (input) => {
      const found = 'AccountId' in input ? accountBlock : block;
      if (!found) throw awsError('NoSuchPublicAccessBlockConfiguration');
      return { PublicAccessBlockConfiguration: found };
    }),
    on(S3Client, GetBucketPolicyStatusCommand, () => {
      throw awsError('NoSuchBucketPolicy');
    }),
    on(S3Client, GetBucketAclCommand, () => ({
      Grants: [{ Grantee: { Type: 'Group' as const, URI: ALL_USERS }, Permission: 'READ' as const }],
    })),
  ];
  const session = fakeSession({ allow: rule.permissions.get, answers });
  return { session, observation: rule.observe.get(resource, { session }) };
};

test('a bucket that blocks everything costs one call', async () => {
  const { session, observation } = observed(blockWithout([]));
  await expect(observation).resolves.toMatchObject({ facts: { off: [], open: [] } });
  expect(session.sent).toHaveLength(1);
});

test('a listing asks for the block of the account once, and leaves a bucket that must not be read to itself', async () => {
  const session = fakeSession({
    allow: rule.permissions.list,
    answers: [
      on(S3Client, ListBucketsCommand, () => ({
        Buckets: ['a', 'b', 'gone', 'secret'].map((Name) => ({ Name })),
      })),
      on(S3Client, GetPublicAccessBlockCommand, (input) => {
        if ('AccountId' in input) return { PublicAccessBlockConfiguration: blockWithout([]) };
        if (input.Bucket === 'gone') throw awsError('NoSuchBucket');
        throw awsError(input.Bucket === 'secret' ? 'AccessDenied' : 'NoSuchPublicAccessBlockConfiguration');
      }),
    ],
  });
  const listed = await Array.fromAsync(rule.observe.list({ session }));
  expect(listed.map((one) => [one.resource.resourceId, 'facts' in one ? one.facts.open : undefined])).toEqual(
    [
      ['a', []],
      ['b', []],
      ['secret', undefined],
    ],
  );
  expect(session.sent.map(({ operation }) => operation)).toEqual([
    'ListBuckets',
    ...Array.from({ length: 5 }, () => 'GetPublicAccessBlock'),
  ]);
});

test('the plan says how the bucket is public now', async () => {
  const { facts, handles } = (await observed(undefined).observation) ?? {};
  if (!facts || !handles) throw new Error('Expected the fake bucket.');
  expect(rule.fix?.({ ...context(), resource, facts, handles })).toMatchObject({
    risk: 'disruptive',
    description: 'Block public access to bucket logs, which is public now by its ACL',
    steps: [{ undo: { operation: { name: 'DeletePublicAccessBlock' } } }],
  });
});

test('a public ACL that the account ignores does not make the bucket public', async () => {
  const { observation } = observed(undefined, blockWithout(['BlockPublicAcls']));
  await expect(observation).resolves.toMatchObject({
    facts: { set: false, open: ['BlockPublicAcls'] },
    handles: { exposed: [] },
  });
});

test('a setting that must not be read is an error, not a verdict', async () => {
  const session = fakeSession({
    allow: rule.permissions.get,
    answers: [
      on(S3Client, GetPublicAccessBlockCommand, () => {
        throw awsError('AccessDenied');
      }),
    ],
  });
  await expect(rule.observe.get(resource, { session })).rejects.toThrow('AccessDenied');
});
