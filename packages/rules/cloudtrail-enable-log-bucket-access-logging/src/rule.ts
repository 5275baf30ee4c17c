import { GetBucketLoggingCommand, PutBucketLoggingCommand, S3Client } from '@aws-sdk/client-s3';
import {
  call,
  change,
  compliant,
  defineRule,
  nonCompliant,
  operation,
  shortened,
  undoCall,
} from '@compliance/core/rule';
import { BUCKET_SHAPE, BUCKETS } from '@compliance/s3-bucket';
import { judgeLogBucket, LOG_BUCKET_READS, logBucketFacts, observeLogBuckets } from '@compliance/trails';
import * as z from 'zod';

/** Where a bucket logs its accesses; `target: null`: nowhere. */
const AccessLogging = z.object({ target: z.string().nullable(), toItself: z.boolean() });

const GET = [...LOG_BUCKET_READS, 's3:GetBucketLogging'];

export const rule = defineRule({
  command: 'CLOUDTRAIL_ENABLE_LOG_BUCKET_ACCESS_LOGGING',
  title: 'Buckets that trails deliver to log who accesses them',
  rationale: 'Access to the log files is the trace of somebody who reads or removes traces.',
  severity: 'low',
  resourceType: 'AWS::S3::Bucket',
  resource: BUCKET_SHAPE,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.2': ['2.6'],
    'cis-1.3': ['3.6'],
    'cis-1.4': ['3.6'],
    'cis-1.5': ['3.6'],
    'cis-2.0': ['3.6'],
    'cis-3.0': ['3.4'],
    'cis-4.0': ['3.4'],
    'cis-4.0.1': ['3.4'],
    'cis-5.0': ['3.4'],
    'cis-6.0': ['4.4'],
    'cis-7.0': ['4.4'],
    'aws-fsbp': ['CloudTrail.7'],
  },
  partly:
    'Log buckets of trails that the account of the bucket does not see, and whether the target bucket admits the access logs.',
  equivalents: {
    config: ['CLOUDTRAIL_S3_BUCKET_ACCESS_LOGGING'],
    securityHub: ['CloudTrail.7'],
    prowler: ['cloudtrail_logs_s3_bucket_access_logging_enabled'],
    steampipe: ['cloudtrail_s3_logging_enabled'],
    custodian: ['s3: is-log-target', 's3: bucket-logging'],
  },
  parameters: z.object({
    targetBucket: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe(
        "The bucket that a fix sends access logs to, in the log bucket's account and Region: {accountId} and {region} are replaced by these. Its policy must admit logging.s3.amazonaws.com, and its default encryption must be SSE-S3: a fix changes neither.",
      ),
    targetPrefix: z.string().default('s3-access/').describe('The prefix of those access logs.'),
  }),
  needs: ['targetBucket'],
  facts: logBucketFacts(AccessLogging),
  permissions: {
    list: ['s3:ListAllMyBuckets', ...GET],
    get: GET,
    fix: [{ action: 's3:PutBucketLogging', resource: BUCKETS }],
    undo: [{ action: 's3:PutBucketLogging', resource: BUCKETS }],
  },

  observe: observeLogBuckets(async (bucket, session) => {
    const { LoggingEnabled } = await session.client(S3Client).send(new GetBucketLoggingCommand(bucket));
    const target = LoggingEnabled?.TargetBucket ?? null;
    return { target, toItself: target === bucket.Bucket };
  }),

  judge: judgeLogBucket(({ target, toItself }) => {
    if (target === null) return nonCompliant('Server access logging of the log bucket is off.');
    // Each log file is an access that is logged again.
    return toItself ? nonCompliant('The log bucket logs its accesses into itself.') : compliant();
  }),

  fix: ({ resource: { resourceId: name }, facts, parameters: { targetBucket, targetPrefix }, accountId }) => {
    if (facts.log?.toItself || targetBucket === name)
      return { manual: `Log the accesses of bucket ${name} to another bucket than itself.` };
    if (targetBucket === null)
      return {
        manual: 'Set the parameter targetBucket to the bucket that keeps the access logs of log buckets.',
      };
    const bucket = { Bucket: name, ExpectedBucketOwner: accountId };
    return change({
      description: `Log the accesses of log bucket ${name} to ${shortened(targetBucket)}`,
      risk: 'safe',
      steps: [
        call(
          S3Client,
          PutBucketLoggingCommand,
          {
            ...bucket,
            BucketLoggingStatus: {
              LoggingEnabled: { TargetBucket: targetBucket, TargetPrefix: targetPrefix },
            },
          },
          {
            undo: undoCall(S3Client, PutBucketLoggingCommand, {
              ...bucket,
              BucketLoggingStatus: {},
            }),
          },
        ),
      ],
      inCode: {
        terraform: `aws_s3_bucket_logging: target_bucket = "${targetBucket}", target_prefix = "${targetPrefix}"`,
        cloudFormation: `AWS::S3::Bucket: LoggingConfiguration: { DestinationBucketName: ${targetBucket}, LogFilePrefix: ${targetPrefix} }`,
      },
    });
  },

  undo: { operations: [operation(S3Client, PutBucketLoggingCommand)] },
});
