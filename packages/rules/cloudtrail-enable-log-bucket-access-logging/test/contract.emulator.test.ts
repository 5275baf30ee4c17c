import { PutBucketLoggingCommand, PutBucketPolicyCommand, S3Client } from '@aws-sdk/client-s3';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { bucket, bucketItem, createBucket, logBucket } from '@compliance/trails/testing';

import { rule } from '../src/rule.ts';

type Bucket = { readonly Bucket: string };

const admitLogging = async (Bucket: string, admin: Session) =>
  admin.client(S3Client).send(
    new PutBucketPolicyCommand({
      Bucket,
      Policy: JSON.stringify({
        Version: '2012-10-17',
        Statement: [
          {
            Effect: 'Allow',
            Principal: { Service: 'logging.s3.amazonaws.com' },
            Action: 's3:PutObject',
            Resource: `arn:aws:s3:::${Bucket}/*`,
          },
        ],
      }),
    }),
  );

const withTarget = async (_: Bucket, admin: Session) => {
  const Target = `access-${admin.accountId}-${admin.region}`;
  await createBucket(Target, admin);
  await admitLogging(Target, admin);
  return Target;
};

const logTo = (TargetBucket: string, { Bucket }: Bucket, admin: Session) =>
  admin.client(S3Client).send(
    new PutBucketLoggingCommand({
      Bucket,
      BucketLoggingStatus: { LoggingEnabled: { TargetBucket, TargetPrefix: 'mine/' } },
    }),
  );

describeRuleContract(rule, {
  parameters: { targetBucket: 'access-{accountId}-{region}' },
  compliant: {
    'a log bucket that logs its accesses': logBucket(async (input, admin) =>
      logTo(await withTarget(input, admin), input, admin),
    ),
  },
  nonCompliant: {
    'a log bucket that logs no accesses': logBucket(withTarget),
  },
  manual: {
    'a log bucket that logs its accesses into itself': logBucket(async (input, admin) => {
      await admitLogging(input.Bucket, admin);
      await logTo(input.Bucket, input, admin);
    }),
  },
  notApplicable: { 'a bucket without a trail': bucket() },
  elsewhere: "A bucket's name is global: S3 redirects to its Region, and the emulator does not.",
  item: bucketItem,
});
