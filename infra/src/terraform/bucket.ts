import { S3BucketOwnershipControls } from '@cdktn/provider-aws/lib/s3-bucket-ownership-controls/index.js';
import { S3BucketPolicy } from '@cdktn/provider-aws/lib/s3-bucket-policy/index.js';
import { S3BucketPublicAccessBlock } from '@cdktn/provider-aws/lib/s3-bucket-public-access-block/index.js';
import { S3BucketServerSideEncryptionConfigurationA } from '@cdktn/provider-aws/lib/s3-bucket-server-side-encryption-configuration/index.js';
import { S3BucketVersioningA } from '@cdktn/provider-aws/lib/s3-bucket-versioning/index.js';
import { S3Bucket, type S3BucketConfig } from '@cdktn/provider-aws/lib/s3-bucket/index.js';
import type { TerraformStack } from 'cdktf';

import { documentText, PARTITION } from './expressions.ts';

export interface BucketInput {
  /** The name of the resources within the module. */
  readonly id: string;
  readonly name: string;
  readonly config?: Omit<S3BucketConfig, 'bucket'>;
  /** Added to the statement that denies unencrypted transport. */
  readonly statements?: readonly object[];
  /** A Terraform expression of 0 or 1. */
  readonly count?: string;
  /** Services of AWS that deliver to it by an access control list need the other one. */
  readonly objectOwnership?: 'BucketOwnerEnforced' | 'BucketOwnerPreferred';
}

/** Adds a private, versioned, encrypted bucket that refuses plain HTTP. */
export const addBucket = (
  stack: TerraformStack,
  { id, name, config, statements = [], count, objectOwnership = 'BucketOwnerEnforced' }: BucketInput,
): S3Bucket => {
  const created = new S3Bucket(stack, id, { ...config, bucket: name });
  // By name, because with a count the resource itself is a list.
  const after = { bucket: name, dependsOn: [created] };
  const parts = [
    created,
    named(
      id,
      new S3BucketVersioningA(stack, `${id}_versioning`, {
        ...after,
        versioningConfiguration: { status: 'Enabled' },
      }),
    ),
    named(
      id,
      new S3BucketPublicAccessBlock(stack, `${id}_public_access`, {
        ...after,
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      }),
    ),
    named(
      id,
      new S3BucketOwnershipControls(stack, `${id}_ownership`, {
        ...after,
        rule: { objectOwnership },
      }),
    ),
    named(
      id,
      new S3BucketServerSideEncryptionConfigurationA(stack, `${id}_encryption`, {
        ...after,
        rule: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' }, bucketKeyEnabled: true }],
      }),
    ),
    named(
      id,
      new S3BucketPolicy(stack, `${id}_policy`, {
        ...after,
        policy: documentText({ Version: '2012-10-17', Statement: [encryptedTransport(name), ...statements] }),
      }),
    ),
  ];
  if (count !== undefined) for (const part of parts) part.addOverride('count', count);
  return created;
};

const named = <Part extends { overrideLogicalId: (id: string) => void }>(id: string, part: Part): Part => {
  part.overrideLogicalId(id);
  return part;
};

export const bucketArn = (name: string): string => `arn:${PARTITION}:s3:::${name}`;

const encryptedTransport = (name: string) => ({
  Sid: 'EncryptedTransport',
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [bucketArn(name), `${bucketArn(name)}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
