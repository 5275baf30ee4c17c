import { DeleteBucketEncryptionCommand, PutBucketEncryptionCommand, S3Client } from '@aws-sdk/client-s3';
import { compliant, defineRule, nonCompliant, operation } from '@compliance/core/rule';
import { BUCKET, BUCKET_SHAPE, BUCKETS } from '@compliance/s3-bucket';
import * as z from 'zod';

import { ALGORITHMS, Facts, Handles, observeEncryption } from './encryption.ts';
import { encryptBucket } from './encrypt-bucket.ts';

export const rule = defineRule({
  command: 'S3_ENCRYPT_BUCKETS',
  title: 'S3 buckets encrypt new objects',
  rationale: 'Stored data that somebody gets at without S3 and its keys cannot be read.',
  severity: 'medium',
  resourceType: BUCKET,
  resource: BUCKET_SHAPE,
  deploy: 'every-region',
  impact: 'With a key of KMS, readers and writers of new objects need access to that key too.',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.3': ['2.1.1'],
    'cis-1.4': ['2.1.1'],
    'cis-1.5': ['2.1.1'],
  },
  partly: 'Objects that are older than the setting or were written with encryption of their own.',
  equivalents: {
    config: ['S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED'],
    securityHub: ['S3.4', 'S3.17'],
    prowler: ['s3_bucket_default_encryption'],
    steampipe: ['s3_bucket_default_encryption_enabled'],
    custodian: ['s3: bucket-encryption'],
  },
  parameters: z.object({
    requiredAlgorithm: z
      .enum(['any', ...ALGORITHMS])
      .default('any')
      .describe('The weakest default encryption that is accepted, from AES256 to aws:kms:dsse.'),
    kmsKeyArn: z
      .string()
      .nullable()
      .default(null)
      .describe('The key that a fix encrypts with where aws:kms or aws:kms:dsse is required.'),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['s3:ListAllMyBuckets'],
    get: ['s3:GetEncryptionConfiguration'],
    fix: [{ action: 's3:PutEncryptionConfiguration', resource: BUCKETS }],
    undo: [{ action: 's3:PutEncryptionConfiguration', resource: BUCKETS }],
  },

  observe: observeEncryption,

  judge: ({ algorithm }, { parameters: { requiredAlgorithm } }) => {
    if (algorithm === null) return nonCompliant('The bucket has no default encryption.');
    if (requiredAlgorithm === 'any' || ALGORITHMS.indexOf(algorithm) >= ALGORITHMS.indexOf(requiredAlgorithm))
      return compliant();
    return nonCompliant(`The default encryption is ${algorithm}, which is weaker than ${requiredAlgorithm}.`);
  },

  fix: (input) => encryptBucket(input),

  undo: {
    operations: [
      operation(S3Client, PutBucketEncryptionCommand),
      operation(S3Client, DeleteBucketEncryptionCommand),
    ],
  },
});
