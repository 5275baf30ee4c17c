import {
  CreateBucketCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
  type BucketLocationConstraint,
} from '@aws-sdk/client-s3';
import { hasCode, type Resource, type Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { s3EnableVersioning } from '../src/rule.ts';

const bucket =
  (status?: 'Enabled' | 'Suspended', TagSet: readonly { Key: string; Value: string }[] = []) =>
  async (admin: Session) => {
    const Bucket = `versioning-${admin.accountId}-${admin.region}`;
    const client = admin.client(S3Client);
    const LocationConstraint = admin.region as BucketLocationConstraint;
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
    if (status)
      await client.send(
        new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: status } }),
      );
    if (TagSet.length > 0)
      await client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet: [...TagSet] } }));
    return { resourceType: 'AWS::S3::Bucket', resourceId: Bucket };
  };

/** AWS Config records `Off` for a bucket that was never versioned. */
const item = async (resource: Resource, admin: Session) => {
  const { resourceId: Bucket } = resource;
  const client = admin.client(S3Client);
  const { Status = 'Off' } = await client.send(new GetBucketVersioningCommand({ Bucket }));
  return itemOf(resource, admin, {
    arn: `arn:aws:s3:::${Bucket}`,
    resourceName: Bucket,
    tags: await tagsOf(Bucket, client),
    configuration: { name: Bucket },
    supplementaryConfiguration: {
      BucketVersioningConfiguration: { status: Status, isMfaDeleteEnabled: null },
    },
  });
};

const tagsOf = async (Bucket: string, client: S3Client) => {
  try {
    return (await client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet;
  } catch (error) {
    if (hasCode(error, 'NoSuchTagSet')) return undefined;
    throw error;
  }
};

describeRuleContract(s3EnableVersioning, {
  compliant: { 'a versioned bucket': bucket('Enabled') },
  nonCompliant: {
    'a bucket that was never versioned': bucket(undefined, [{ Key: 'owner', Value: 'team-a' }]),
    'a bucket whose versioning is suspended': bucket('Suspended'),
  },
  elsewhere: "A bucket's name is global: S3 redirects to its Region, and the emulator does not.",
  item,
  gone: { resourceType: 'AWS::S3::Bucket', resourceId: 'no-such-bucket-of-this-organization' },
});
