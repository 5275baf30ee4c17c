import { partitionOf } from '@compliance/core';
import {
  CreateBucketCommand,
  GetBucketPolicyCommand,
  HeadBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketPolicyCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
  S3Client,
} from '@aws-sdk/client-s3';

import { confirm } from '../context/confirm.ts';
import type { OwnBucket } from '../base/read-object.ts';
import { stateBucketName } from '../base/state-bucket.ts';
import type { DeployContext } from '../context/deploy-context.ts';

/**
 * Creates the bucket of Terraform's state: private, versioned, encrypted, TLS only. S3 itself holds the locks.
 * Also completes what an interrupted run left out. An existing bucket policy stays.
 */
export const bootstrap = async (context: DeployContext): Promise<void> => {
  const { masterAccountId: accountId, homeRegion } = context.settings.organization;
  const Bucket = stateBucketName(context.options, context.settings);
  const s3 = await context.client(S3Client, { accountId, region: homeRegion });
  const isThere = await bucketExists(s3, Bucket, accountId);
  await confirm(
    context,
    isThere
      ? `Make sure that the existing bucket ${Bucket} is private, versioned, encrypted, TLS only?`
      : `Create the bucket ${Bucket} for Terraform's state in ${accountId}, ${homeRegion}?`,
  );
  if (!isThere) await createBucket(s3, Bucket, homeRegion);
  await protectBucket(s3, { Bucket, ExpectedBucketOwner: accountId }, partitionOf(homeRegion));
  context.say(
    `${isThere ? 'The bucket already exists' : 'Created the bucket'}: ${Bucket}, private, versioned, encrypted, TLS only.`,
  );
};

const createBucket = async (s3: S3Client, Bucket: string, region: string) => {
  await s3.send(
    new CreateBucketCommand({
      Bucket,
      // S3 refuses us-east-1 as a location constraint.
      ...(region !== 'us-east-1' && {
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK knows the Regions of its release only.
        CreateBucketConfiguration: { LocationConstraint: region as 'eu-west-1' },
      }),
    }),
  );
};

const protectBucket = async (s3: S3Client, bucket: OwnBucket, partition: string) => {
  await s3.send(
    new PutPublicAccessBlockCommand({
      ...bucket,
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    }),
  );
  await s3.send(
    new PutBucketVersioningCommand({ ...bucket, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  await s3.send(
    new PutBucketEncryptionCommand({
      ...bucket,
      ServerSideEncryptionConfiguration: {
        Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
    }),
  );
  if (!(await hasPolicy(s3, bucket)))
    await s3.send(new PutBucketPolicyCommand({ ...bucket, Policy: tlsOnly(bucket.Bucket, partition) }));
};

const tlsOnly = (name: string, partition: string) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'EncryptedTransport',
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: [`arn:${partition}:s3:::${name}`, `arn:${partition}:s3:::${name}/*`],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ],
  });

/** @throws {Error} when the bucket belongs to another account, which could then read the state */
const bucketExists = async (s3: S3Client, Bucket: string, accountId: string): Promise<boolean> => {
  try {
    await s3.send(new HeadBucketCommand({ Bucket, ExpectedBucketOwner: accountId }));
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    if (['NotFound', 'NoSuchBucket'].includes(error.name)) return false;
    if (!('$metadata' in error) || !/^(403|Forbidden|AccessDenied)$/.test(error.name)) throw error;
    throw new Error(
      `The bucket ${Bucket} exists, but account ${accountId} may not use it. Name another one with STATE_BUCKET.`,
      { cause: error },
    );
  }
};

const hasPolicy = async (s3: S3Client, bucket: OwnBucket): Promise<boolean> => {
  try {
    await s3.send(new GetBucketPolicyCommand(bucket));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchBucketPolicy') return false;
    throw error;
  }
};
