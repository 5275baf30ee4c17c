import { DeletePublicAccessBlockCommand, PutPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import {
  call,
  change,
  compliant,
  defineRule,
  firstOf,
  nonCompliant,
  operation,
  undoCall,
} from '@compliance/core/rule';
import { BUCKET_SHAPE, BUCKETS } from '@compliance/s3-bucket';
import { judgeLogBucket, LOG_BUCKET_READS, logBucketFacts, observeLogBuckets } from '@compliance/trails';
import * as z from 'zod';

import { Exposure, readExposure } from './exposure.ts';

const GET = [
  ...LOG_BUCKET_READS,
  's3:GetBucketAcl',
  's3:GetBucketPolicyStatus',
  's3:GetBucketPublicAccessBlock',
];
const ALL = {
  BlockPublicAcls: true,
  IgnorePublicAcls: true,
  BlockPublicPolicy: true,
  RestrictPublicBuckets: true,
};

export const rule = defineRule({
  command: 'CLOUDTRAIL_BLOCK_PUBLIC_LOG_BUCKET',
  title: 'Buckets that trails deliver to are not public by their own settings',
  rationale: 'The records of an account show an intruder what it has, who uses it and what is not watched.',
  severity: 'critical',
  resourceType: 'AWS::S3::Bucket',
  resource: BUCKET_SHAPE,
  deploy: 'every-region',
  impact:
    'Where the policy of the bucket is public, other accounts that it names lose access too, such as readers of a central archive. CloudTrail still delivers.',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.2': ['2.3'],
    'cis-1.3': ['3.3'],
    'cis-1.4': ['3.3'],
    'cis-1.5': ['3.3'],
    'cis-2.0': ['3.3'],
    'aws-fsbp': ['CloudTrail.6'],
  },
  partly: 'Log buckets of trails that the account of the bucket does not see, and ACLs of single log files.',
  equivalents: {
    config: ['CLOUDTRAIL_S3_BUCKET_PUBLIC_ACCESS_PROHIBITED'],
    securityHub: ['CloudTrail.6'],
    prowler: ['cloudtrail_logs_s3_bucket_is_not_publicly_accessible'],
    steampipe: ['cloudtrail_bucket_not_public'],
    custodian: ['s3: is-log-target', 's3: global-grants'],
  },
  parameters: z.object({}),
  facts: logBucketFacts(Exposure),
  permissions: {
    list: ['s3:ListAllMyBuckets', ...GET],
    get: GET,
    fix: [{ action: 's3:PutBucketPublicAccessBlock', resource: BUCKETS }],
    undo: [{ action: 's3:PutBucketPublicAccessBlock', resource: BUCKETS }],
  },

  observe: observeLogBuckets(readExposure),

  judge: judgeLogBucket(({ grants, publicPolicy, block }) => {
    const reasons = [
      ...(publicPolicy && !block?.RestrictPublicBuckets ? ['its policy is public'] : []),
      ...(block?.IgnorePublicAcls ? [] : grants.map((grant) => `its ACL grants ${grant}`)),
    ];
    return reasons.length === 0
      ? compliant()
      : nonCompliant(`The log bucket is public: ${firstOf(reasons)}.`);
  }),

  fix: ({ resource, facts, accountId }) => {
    const bucket = { Bucket: resource.resourceId, ExpectedBucketOwner: accountId };
    const before = facts.log?.block ?? null;
    // RestrictPublicBuckets shuts out every other account while the policy is public, not only everybody.
    const isShared = facts.log?.publicPolicy === true;
    return change({
      description: `Block public access to log bucket ${resource.resourceId}${isShared ? ', and access of other accounts by its public policy' : ''}`,
      risk: isShared ? 'disruptive' : 'safe',
      steps: [
        call(
          S3Client,
          PutPublicAccessBlockCommand,
          { ...bucket, PublicAccessBlockConfiguration: ALL },
          {
            undo:
              before === null
                ? undoCall(S3Client, DeletePublicAccessBlockCommand, bucket)
                : undoCall(S3Client, PutPublicAccessBlockCommand, {
                    ...bucket,
                    PublicAccessBlockConfiguration: before,
                  }),
          },
        ),
      ],
      inCode: {
        terraform:
          'aws_s3_bucket_public_access_block: block_public_acls = true, ignore_public_acls = true, block_public_policy = true, restrict_public_buckets = true',
        cloudFormation:
          'AWS::S3::Bucket: PublicAccessBlockConfiguration: { BlockPublicAcls: true, IgnorePublicAcls: true, BlockPublicPolicy: true, RestrictPublicBuckets: true }',
      },
    });
  },

  undo: {
    operations: [
      operation(S3Client, DeletePublicAccessBlockCommand),
      operation(S3Client, PutPublicAccessBlockCommand),
    ],
  },
});
