import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { s3EnableVersioning } from '../src/rule.ts';

const bucket = (status?: 'Enabled' | 'Suspended') => async (admin: Session) => {
  const Bucket = `versioning-${admin.accountId}`;
  const client = admin.client(S3Client);
  await client.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  if (status)
    await client.send(
      new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status: status } }),
    );
  return { resourceType: 'AWS::S3::Bucket', resourceId: Bucket };
};

/** What AWS Config records of a bucket, as its events carry it: a bucket that was never versioned is `Off`. */
const item = async ({ resourceType, resourceId }: Resource, admin: Session) => {
  const { Status = 'Off' } = await admin
    .client(S3Client)
    .send(new GetBucketVersioningCommand({ Bucket: resourceId }));
  return {
    awsAccountId: admin.accountId,
    awsRegion: admin.region,
    resourceType,
    resourceId,
    configurationItemStatus: 'OK',
    configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
    configuration: { name: resourceId },
    supplementaryConfiguration: {
      BucketVersioningConfiguration: { status: Status, isMfaDeleteEnabled: null },
    },
  };
};

describeRuleContract(s3EnableVersioning, {
  compliant: { 'a versioned bucket': bucket('Enabled') },
  nonCompliant: {
    'a bucket that was never versioned': bucket(),
    'a bucket whose versioning is suspended': bucket('Suspended'),
  },
  item,
  gone: { resourceType: 'AWS::S3::Bucket', resourceId: 'no-such-bucket-of-this-organization' },
});
