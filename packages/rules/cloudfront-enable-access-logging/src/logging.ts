import {
  CloudWatchLogsClient,
  paginateDescribeDeliveries,
  paginateDescribeDeliverySources,
} from '@aws-sdk/client-cloudwatch-logs';
import type { DistributionConfig } from '@aws-sdk/client-cloudfront';
import type { Session } from '@compliance/core/rule';
import * as z from 'zod';

/**
 * The three ways in which a distribution logs its requests.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/logging.html
 */
export const Logging = z.object({
  /** Standard logging to a bucket, in the distribution's own configuration. */
  legacy: z.boolean(),
  /** Standard logging by a delivery of CloudWatch Logs, which the distribution does not show. */
  delivered: z.boolean(),
  /** Real-time logs of the default behavior. They may be a sample. */
  realTime: z.boolean(),
});
export type Logging = z.infer<typeof Logging>;

export const loggingOf = (
  config: DistributionConfig | undefined,
  arn: string,
  delivered: ReadonlySet<string>,
): Logging => ({
  legacy: config?.Logging?.Enabled === true,
  delivered: delivered.has(arn),
  realTime: (config?.DefaultCacheBehavior?.RealtimeLogConfigArn ?? '') !== '',
});

/** The ARNs of the distributions whose access logs CloudWatch Logs delivers, to wherever. */
export const deliveredDistributions = async (session: Session): Promise<ReadonlySet<string>> => {
  const region = DELIVERY_REGIONS[session.partition];
  if (region === undefined) return new Set();
  const client = session.at(region).client(CloudWatchLogsClient);
  const [sources, deliveries] = await Promise.all([
    Array.fromAsync(paginateDescribeDeliverySources({ client }, {})),
    Array.fromAsync(paginateDescribeDeliveries({ client }, {})),
  ]);
  // A source without a delivery goes nowhere.
  const used = new Set(
    deliveries
      .flatMap(({ deliveries: page = [] }) => page)
      .map(({ deliverySourceName }) => deliverySourceName),
  );
  return new Set(
    sources
      .flatMap(({ deliverySources = [] }) => deliverySources)
      .filter(({ name, logType }) => logType === 'ACCESS_LOGS' && used.has(name))
      .flatMap(({ resourceArns = [] }) => resourceArns),
  );
};

/**
 * Where the deliveries of CloudFront are. No page names another partition that has them.
 * @see https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html
 */
const DELIVERY_REGIONS: Readonly<Record<string, string>> = { aws: 'us-east-1' };
