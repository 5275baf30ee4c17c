import type { Grant } from '@compliance/core/rule';

const DISTRIBUTIONS = 'arn:*:cloudfront::*:distribution/*';
/** The grant on ACLs of buckets, which is wide enough to open one, ends at this name. */
export const LOG_BUCKETS = 'cloudfront-logs';

export const READS: readonly Grant[] = [
  { action: 'cloudfront:GetDistributionConfig', resource: DISTRIBUTIONS },
  'logs:DescribeDeliverySources',
  'logs:DescribeDeliveries',
];

const update: Grant = { action: 'cloudfront:UpdateDistribution', resource: DISTRIBUTIONS };

/**
 * CloudFront adds its own grant to the ACL of the bucket, with the permissions of its caller.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging-legacy-s3.html
 */
const onBuckets = ['s3:GetBucketAcl', 's3:PutBucketAcl'].map((action): Grant => ({
  action,
  resource: `arn:*:s3:::${LOG_BUCKETS}*`,
  implied: true,
}));

export const fixGrants: readonly Grant[] = [update, ...onBuckets];
export const undoGrants: readonly Grant[] = [update];
