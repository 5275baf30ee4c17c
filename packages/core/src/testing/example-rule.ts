import {
  GetBucketVersioningCommand,
  PutBucketVersioningCommand,
  S3Client,
  paginateListBuckets,
} from '@aws-sdk/client-s3';
import * as z from 'zod';

import { hasCode } from '../base/errors.ts';
import { operation } from '../aws/operation.ts';
import { call, change, undoCall } from '../rule/change.ts';
import { defineRule } from '../rule/rule.ts';
import { compliant, nonCompliant } from '../rule/verdict.ts';

const RESOURCE_TYPE = 'AWS::S3::Bucket';
const Status = z.enum(['Off', 'Enabled', 'Suspended']);

/** A rule for tests of all that takes rules. It does not ship. */
export const exampleRule = defineRule({
  command: 'EXAMPLE_KEEP_VERSIONS',
  title: 'Buckets keep versions',
  rationale: 'An example needs a rationale, too.',
  severity: 'medium',
  resourceType: RESOURCE_TYPE,
  resource: { tagFilter: 's3', arn: (id, { partition }) => `arn:${partition}:s3:::${id}` },
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: { example: ['1.1'] },
  parameters: z.object({
    suspendedIsFine: z.boolean().default(false).describe('Whether suspended versioning is compliant.'),
  }),
  facts: z.object({ status: Status }),
  permissions: {
    list: ['s3:ListAllMyBuckets'],
    get: ['s3:GetBucketVersioning'],
    fix: ['s3:PutBucketVersioning'],
    undo: ['s3:PutBucketVersioning'],
  },

  observe: {
    item: ({ supplementary }) => {
      const versioning = ItemVersioning.safeParse(supplementary['BucketVersioningConfiguration']);
      return versioning.success ? { facts: { status: versioning.data.status } } : undefined;
    },
    get: async ({ resourceId: Bucket }, { session }) => {
      try {
        const answer = await session.client(S3Client).send(new GetBucketVersioningCommand({ Bucket }));
        return { facts: { status: answer.Status ?? 'Off' }, identity: { resourceName: Bucket } };
      } catch (error) {
        if (hasCode(error, 'NoSuchBucket')) return undefined;
        throw error;
      }
    },
    list: async function* ({ session }) {
      const client = session.client(S3Client);
      for await (const { Buckets = [] } of paginateListBuckets({ client }, { BucketRegion: session.region }))
        for (const { Name } of Buckets)
          if (Name !== undefined)
            yield { resource: { resourceType: RESOURCE_TYPE, resourceId: Name, resourceName: Name } };
    },
  },

  judge: ({ status }, { parameters: { suspendedIsFine } }) =>
    status === 'Enabled' || (status === 'Suspended' && suspendedIsFine)
      ? compliant()
      : nonCompliant(`Versioning is ${status}.`),

  fix: ({ resource: { resourceId: Bucket }, facts: { status } }) => {
    const set = (to: 'Enabled' | 'Suspended') => ({ Bucket, VersioningConfiguration: { Status: to } });
    const undo = undoCall(S3Client, PutBucketVersioningCommand, set('Suspended'));
    return change({
      description: `Turn versioning on for ${Bucket}`,
      risk: 'safe',
      steps: [call(S3Client, PutBucketVersioningCommand, set('Enabled'), { undo })],
      inCode: { terraform: 'aws_s3_bucket_versioning: versioning_configuration { status = "Enabled" }' },
      undoLeaves: status === 'Off' ? { status: 'Suspended' } : undefined,
    });
  },

  undo: { operations: [operation(S3Client, PutBucketVersioningCommand)] },
});

const ItemVersioning = z.object({ status: Status });
