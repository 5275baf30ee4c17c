import {
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  S3Client,
  paginateListBuckets,
} from '@aws-sdk/client-s3';
import {
  call,
  change,
  compliant,
  defineRule,
  hasCode,
  nonCompliant,
  operation,
  undoCall,
} from '@compliance/core/rule';
import * as z from 'zod';

const BUCKETS = 'arn:*:s3:::*';

export const s3EnableVersioning = defineRule({
  command: 'S3_ENABLE_VERSIONING',
  title: 'S3 buckets keep object versions',
  rationale: 'An overwrite or delete in an unversioned bucket cannot be reverted.',
  severity: 'low',
  resourceType: 'AWS::S3::Bucket',
  resource: { tagFilter: 's3', arn: (id, { partition }) => `arn:${partition}:s3:::${id}` },
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
  facts: z.object({ status: z.enum(['Off', 'Enabled', 'Suspended']) }),
  permissions: {
    list: ['s3:ListAllMyBuckets'],
    get: ['s3:GetBucketVersioning'],
    fix: [{ action: 's3:PutBucketVersioning', resource: BUCKETS }],
    undo: [{ action: 's3:PutBucketVersioning', resource: BUCKETS }],
  },

  observe: {
    item: ({ supplementary }) => {
      const versioning = ItemVersioning.safeParse(supplementary['BucketVersioningConfiguration']);
      return versioning.success ? { facts: { status: versioning.data.status } } : undefined;
    },
    get: async ({ resourceId }, { session }) => {
      try {
        const { Status } = await session
          .client(S3Client)
          .send(
            new GetBucketVersioningCommand({ Bucket: resourceId, ExpectedBucketOwner: session.accountId }),
          );
        return { facts: { status: Status ?? 'Off' }, identity: { resourceName: resourceId } };
      } catch (error) {
        if (hasCode(error, 'NoSuchBucket')) return undefined;
        throw error;
      }
    },
    list: async function* ({ session }) {
      const client = session.client(S3Client);
      // Without BucketRegion each Region's rule would report the buckets of all Regions.
      for await (const { Buckets = [] } of paginateListBuckets(
        { client, pageSize: 10_000 },
        { BucketRegion: session.region },
      ))
        for (const { Name } of Buckets)
          if (Name !== undefined)
            yield {
              resource: { resourceType: 'AWS::S3::Bucket', resourceId: Name, resourceName: Name },
            };
    },
  },

  judge: ({ status }) => (status === 'Enabled' ? compliant() : nonCompliant(`Versioning is ${status}.`)),

  fix: ({ resource, facts, accountId }) => {
    const bucket = { Bucket: resource.resourceId, ExpectedBucketOwner: accountId };
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

// `Off` exists in AWS Config only: S3 answers no status for a bucket that was never versioned.
const ItemVersioning = z.object({ status: z.enum(['Off', 'Enabled', 'Suspended']) });
