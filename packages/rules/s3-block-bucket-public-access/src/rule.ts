import { DeletePublicAccessBlockCommand, PutPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import {
  call,
  change,
  compliant,
  defineRule,
  nonCompliant,
  operation,
  undoCall,
} from '@compliance/core/rule';
import {
  BLOCK_IN_TERRAFORM,
  BUCKET,
  BUCKET_SHAPE,
  BUCKETS,
  EXPOSURE_GRANTS,
  blockWithout,
  bucketOf,
} from '@compliance/s3-bucket';
import * as z from 'zod';

import { Facts, Handles, observeBlock } from './observe-block.ts';

const BLOCK_READS = ['s3:GetBucketPublicAccessBlock', 's3:GetAccountPublicAccessBlock'];

export const rule = defineRule({
  command: 'S3_BLOCK_BUCKET_PUBLIC_ACCESS',
  title: 'Every bucket blocks public access, by its own setting or that of the account',
  rationale: 'One mistake in a policy or an ACL would otherwise open the bucket to everybody.',
  severity: 'high',
  resourceType: BUCKET,
  resource: BUCKET_SHAPE,
  deploy: 'every-region',
  impact:
    'Public websites and downloads from the bucket and sharing by public ACLs stop at once; uploads with a public ACL are refused.',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.3': ['1.20'],
    'cis-1.4': ['2.1.5'],
    'cis-1.5': ['2.1.5'],
    'cis-2.0': ['2.1.4'],
    'cis-3.0': ['2.1.4'],
    'cis-4.0': ['2.1.4'],
    'cis-4.0.1': ['2.1.4'],
    'cis-5.0': ['2.1.4'],
    'cis-6.0': ['3.1.4'],
    'cis-7.0': ['3.1.4'],
    'aws-fsbp': ['S3.8'],
  },
  equivalents: {
    config: ['S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED'],
    securityHub: ['S3.8'],
    prowler: ['s3_bucket_level_public_access_block'],
    steampipe: ['s3_public_access_block_bucket_account'],
    custodian: ['s3: check-public-block'],
  },
  parameters: z.object({
    honourAccountSetting: z
      .boolean()
      .default(true)
      .describe('Whether a flag that is on for the whole account need not be on for the bucket.'),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['s3:ListAllMyBuckets', ...BLOCK_READS],
    get: [...BLOCK_READS, ...EXPOSURE_GRANTS],
    fix: [{ action: 's3:PutBucketPublicAccessBlock', resource: BUCKETS }],
    undo: [{ action: 's3:PutBucketPublicAccessBlock', resource: BUCKETS }],
  },

  observe: observeBlock,

  judge: ({ off, open }, { parameters: { honourAccountSetting } }) => {
    const missing = honourAccountSetting ? open : off;
    if (missing.length === 0) return compliant();
    const where = honourAccountSetting ? 'for the bucket and for the account' : 'for the bucket';
    return nonCompliant(`Block Public Access is off ${where}: ${missing.join(', ')}.`);
  },

  fix: ({ resource, facts: { set, off }, handles: { exposed }, accountId }) => {
    const bucket = bucketOf(resource.resourceId, accountId);
    const use = exposed.length === 0 ? 'not public now' : `public now by its ${exposed.join(' and ')}`;
    return change({
      description: `Block public access to bucket ${resource.resourceId}, which is ${use}`,
      risk: 'disruptive',
      steps: [
        call(
          S3Client,
          PutPublicAccessBlockCommand,
          { ...bucket, PublicAccessBlockConfiguration: blockWithout([]) },
          {
            undo: set
              ? undoCall(S3Client, PutPublicAccessBlockCommand, {
                  ...bucket,
                  PublicAccessBlockConfiguration: blockWithout(off),
                })
              : undoCall(S3Client, DeletePublicAccessBlockCommand, bucket),
          },
        ),
      ],
      inCode: {
        terraform: `aws_s3_bucket_public_access_block: ${BLOCK_IN_TERRAFORM}`,
        cloudFormation:
          'AWS::S3::Bucket: PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true }',
      },
    });
  },

  undo: {
    operations: [
      operation(S3Client, PutPublicAccessBlockCommand),
      operation(S3Client, DeletePublicAccessBlockCommand),
    ],
  },
});
