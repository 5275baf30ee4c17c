import * as z from 'zod';

const Destination = z.string().min(1).nullable().default(null);

export const Parameters = z.object({
  /** The traffic that must be captured. `ANY`: one flow log of any kind is enough. */
  trafficType: z.enum(['REJECT', 'ALL', 'ANY']).default('REJECT'),
  logDestinationType: z.enum(['cloud-watch-logs', 's3', 'kinesis-data-firehose']).default('cloud-watch-logs'),
  /**
   * The log group's name or ARN, the ARN of the bucket (with a prefix, if any) or of the delivery stream.
   * `{accountId}` and `{region}` are replaced by those of the VPC. A bucket's policy must admit
   * `delivery.logs.amazonaws.com`: the fix creates the flow log and nothing else.
   */
  logDestination: Destination,
  /** The role in the VPC's account that writes to CloudWatch Logs: `arn:aws:iam::{accountId}:role/flow-logs`. */
  deliverLogsPermissionArn: Destination,
  /** Seconds of traffic in one record. */
  maxAggregationInterval: z.union([z.literal(60), z.literal(600)]).default(600),
});
export type Parameters = z.infer<typeof Parameters>;
