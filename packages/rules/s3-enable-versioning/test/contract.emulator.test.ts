import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, sampleChangeEvent } from '@compliance/core/testing';

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

/** The item of a bucket in an event: AWS Config records `Off` for a bucket that was never versioned. */
const item = async (resource: Resource, admin: Session) => {
  const { Status = 'Off' } = await admin
    .client(S3Client)
    .send(new GetBucketVersioningCommand({ Bucket: resource.resourceId }));
  const { invokingEvent } = sampleChangeEvent({
    accountId: admin.accountId,
    region: admin.region,
    item: {
      ...resource,
      configuration: { name: resource.resourceId },
      supplementaryConfiguration: {
        BucketVersioningConfiguration: { status: Status, isMfaDeleteEnabled: null },
      },
    },
  });
  return (JSON.parse(invokingEvent) as { readonly configurationItem: unknown }).configurationItem;
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
