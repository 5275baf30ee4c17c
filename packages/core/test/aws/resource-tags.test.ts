import {
  GetResourcesCommand,
  type GetResourcesCommandInput,
  ResourceGroupsTaggingAPIClient,
} from '@aws-sdk/client-resource-groups-tagging-api';
import { expect, test } from 'vitest';

import {
  arnOf,
  ec2Shape,
  tagsByArn,
  withArn,
  withTags,
  type ResourceShape,
} from '../../src/aws/resource-tags.ts';
import { fakeSession, on } from '../../src/testing/fake-session.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';

const bucket = { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' };
const taggedSession = () => {
  const buckets = fakeBuckets({});
  buckets.tags.set('logs', { owner: 'team-a' }).set('other', { owner: 'team-b' });
  return fakeSession({ allow: ['tag:GetResources'], answers: buckets.answers });
};

const S3: ResourceShape = { tagFilter: 's3', arn: (id, { partition }) => `arn:${partition}:s3:::${id}` };

test.each<[string, string, ResourceShape | undefined, string | undefined]>([
  ['AWS::S3::Bucket', 'logs', S3, 'arn:aws:s3:::logs'],
  [
    'AWS::EC2::SecurityGroup',
    'sg-1',
    ec2Shape('security-group'),
    'arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1',
  ],
  ['AWS::CloudTrail::Trail', 'arn:aws:cloudtrail:x', undefined, 'arn:aws:cloudtrail:x'],
  ['AWS::IAM::User', 'AIDA1', undefined, undefined],
])('%s %s has the ARN that the shape of its type gives it', (resourceType, resourceId, shape, arn) => {
  const resource = { resourceType, resourceId };
  expect(arnOf(resource, taggedSession(), shape)).toBe(arn);
  expect(withArn(resource, taggedSession(), shape)).toEqual(
    arn === undefined ? resource : { ...resource, arn },
  );
});

test('a resource that has an ARN or tags keeps them', async () => {
  const session = taggedSession();
  expect(withArn({ ...bucket, arn: 'arn:own' }, session, S3).arn).toBe('arn:own');
  await expect(withTags({ ...bucket, tags: {} }, session, S3)).resolves.toEqual({ ...bucket, tags: {} });
  expect(session.sent).toEqual([]);
});

test('the tags of a resource without tags are read', async () => {
  const session = taggedSession();
  await expect(withTags(bucket, session, S3)).resolves.toEqual({ ...bucket, tags: { owner: 'team-a' } });
  expect(session.sent).toMatchObject([{ input: { ResourceARNList: ['arn:aws:s3:::logs'] } }]);
  await expect(withTags({ ...bucket, resourceId: 'bare' }, session, S3)).resolves.toEqual({
    ...bucket,
    resourceId: 'bare',
  });
});

test('no call is made for the tags of types that the API does not know', async () => {
  const session = taggedSession();
  const user = {
    resourceType: 'AWS::IAM::User',
    resourceId: 'AIDA1',
    arn: 'arn:aws:iam::111122223333:user/jo',
  };
  await expect(withTags(user, session)).resolves.toEqual(user);
  await expect(tagsByArn(session, {})).resolves.toEqual(new Map());
  expect(session.sent).toEqual([]);
});

test('the tags of a whole type are read from all pages of one listing', async () => {
  const mapping = (ResourceARN: string) => ({ ResourceARN, Tags: [{ Key: 'owner', Value: 'team-a' }] });
  const session = fakeSession({
    allow: ['tag:GetResources'],
    answers: [
      on(
        ResourceGroupsTaggingAPIClient,
        GetResourcesCommand,
        ({ PaginationToken }: GetResourcesCommandInput) =>
          PaginationToken === undefined
            ? { ResourceTagMappingList: [mapping('arn:1')], PaginationToken: 'more' }
            : { ResourceTagMappingList: [mapping('arn:2'), { Tags: [] }], PaginationToken: '' },
      ),
    ],
  });
  await expect(tagsByArn(session, S3)).resolves.toEqual(
    new Map([
      ['arn:1', { owner: 'team-a' }],
      ['arn:2', { owner: 'team-a' }],
    ]),
  );
  expect(session.sent[0]?.input).toMatchObject({ ResourceTypeFilters: ['s3'] });
});
