import {
  GetBucketAclCommand,
  PutBucketAclCommand,
  PutBucketPolicyCommand,
  PutPublicAccessBlockCommand,
  S3Client,
  type PublicAccessBlockConfiguration,
} from '@aws-sdk/client-s3';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { bucket, bucketItem, logBucket } from '@compliance/trails/testing';

import { rule } from '../src/rule.ts';

type Bucket = { readonly Bucket: string };

const withAcl = (ACL: 'public-read' | 'authenticated-read') => async (input: Bucket, admin: Session) =>
  admin.client(S3Client).send(new PutBucketAclCommand({ ...input, ACL }));

const withPublicPolicy = async ({ Bucket }: Bucket, admin: Session) =>
  admin.client(S3Client).send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Sid: 'Everyone',
            Effect: 'Allow',
            Principal: '*',
            Action: 's3:GetObject',
            Resource: `arn:aws:s3:::${Bucket}/*`,
          },
        ],
      }),
    }),
  );

const withBlock = (block: PublicAccessBlockConfiguration) => async (input: Bucket, admin: Session) =>
  admin
    .client(S3Client)
    .send(new PutPublicAccessBlockCommand({ ...input, PublicAccessBlockConfiguration: block }));

const acl = async ({ resourceId: Bucket }: Resource, admin: Session) =>
  (await admin.client(S3Client).send(new GetBucketAclCommand({ Bucket }))).Grants;

describeRuleContract(rule, {
  compliant: {
    'a log bucket that nobody else may read': logBucket(),
    'a log bucket whose block hides a public policy and ACL': logBucket(async (input, admin) => {
      await withAcl('public-read')(input, admin);
      await withPublicPolicy(input, admin);
      await withBlock({ IgnorePublicAcls: true, RestrictPublicBuckets: true })(input, admin);
    }),
  },
  nonCompliant: {
    'a log bucket with an ACL for everyone': logBucket(withAcl('public-read')),
    'a log bucket with an ACL for every AWS user': logBucket(withAcl('authenticated-read')),
    'a log bucket with a public policy and two of four blocks': logBucket(async (input, admin) => {
      await withPublicPolicy(input, admin);
      await withBlock({ BlockPublicAcls: true, IgnorePublicAcls: true })(input, admin);
    }),
  },
  notApplicable: { 'a public bucket without a trail': bucket(withAcl('public-read')) },
  elsewhere: "A bucket's name is global: S3 redirects to its Region, and the emulator does not.",
  item: bucketItem,
  untouched: acl,
});
