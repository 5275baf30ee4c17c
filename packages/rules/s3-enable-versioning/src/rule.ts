import { GetBucketVersioningCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import {
  call,
  change,
  compliant,
  defineRule,
  nonCompliant,
  operation,
  undoCall,
} from '@compliance/core/rule';
import { BUCKET, BUCKET_SHAPE, bucketOf, BUCKETS, bucketSetting } from '@compliance/s3-bucket';
import * as z from 'zod';

// `Off` exists in AWS Config only: S3 answers no status for a bucket that was never versioned.
const Facts = z.object({ status: z.enum(['Off', 'Enabled', 'Suspended']) });

export const s3EnableVersioning = defineRule({
  command: 'S3_ENABLE_VERSIONING',
  title: 'S3 buckets keep object versions',
  rationale: 'An overwrite or delete in an unversioned bucket cannot be reverted.',
  severity: 'low',
  resourceType: BUCKET,
  resource: BUCKET_SHAPE,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: { 'aws-fsbp': ['S3.14'] },
  equivalents: {
    config: ['S3_BUCKET_VERSIONING_ENABLED'],
    securityHub: ['S3.14'],
    prowler: ['s3_bucket_object_versioning'],
    custodian: ['s3: Versioning'],
  },
  parameters: z.object({}),
  facts: Facts,
  handles: z.object({ mfaDelete: z.boolean() }),
  permissions: {
    list: ['s3:ListAllMyBuckets'],
    get: ['s3:GetBucketVersioning'],
    fix: [{ action: 's3:PutBucketVersioning', resource: BUCKETS }],
    undo: [{ action: 's3:PutBucketVersioning', resource: BUCKETS }],
  },

  observe: bucketSetting({
    item: ({ supplementary }) => Facts.safeParse(supplementary['BucketVersioningConfiguration']).data,
    read: async (bucket, session) => {
      const { Status, MFADelete } = await session
        .client(S3Client)
        .send(new GetBucketVersioningCommand(bucket));
      return { facts: { status: Status ?? 'Off' }, handles: { mfaDelete: MFADelete === 'Enabled' } };
    },
  }),

  judge: ({ status }) => (status === 'Enabled' ? compliant() : nonCompliant(`Versioning is ${status}.`)),

  fix: ({ resource, facts, handles, accountId }) => {
    if (handles.mfaDelete)
      return {
        manual: `MFA delete is on for bucket ${resource.resourceId}: only the root user, with its MFA device, can turn versioning on (PutBucketVersioning).`,
      };
    const bucket = bucketOf(resource.resourceId, accountId);
    return change({
      description: `Turn versioning on for bucket ${resource.resourceId}`,
      risk: 'safe',
      steps: [
        call(
          S3Client,
          PutBucketVersioningCommand,
          { ...bucket, VersioningConfiguration: { Status: 'Enabled' } },
          {
            undo: undoCall(S3Client, PutBucketVersioningCommand, {
              ...bucket,
              VersioningConfiguration: { Status: 'Suspended' },
            }),
          },
        ),
      ],
      inCode: {
        terraform: 'aws_s3_bucket_versioning: versioning_configuration { status = "Enabled" }',
        cloudFormation: 'AWS::S3::Bucket: VersioningConfiguration: { Status: Enabled }',
      },
      undoLeaves: facts.status === 'Off' ? { status: 'Suspended' } : undefined,
    });
  },

  undo: { operations: [operation(S3Client, PutBucketVersioningCommand)] },
});
