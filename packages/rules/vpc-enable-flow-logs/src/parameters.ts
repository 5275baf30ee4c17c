import * as z from 'zod';

const Destination = z.string().min(1).nullable().default(null);

export const Parameters = z.object({
  trafficType: z
    .enum(['REJECT', 'ALL', 'ANY'])
    .default('REJECT')
    .describe('The traffic that must be captured. ANY: one flow log of any kind is enough.'),
  logDestinationType: z
    .enum(['cloud-watch-logs', 's3', 'kinesis-data-firehose'])
    .default('cloud-watch-logs')
    .describe('The kind of destination of the flow log that a fix creates.'),
  logDestination: Destination.describe(
    "The log group's name or ARN, or the ARN of the bucket (with a prefix, if any) or of the delivery stream. {accountId} and {region} are replaced by those of the VPC. A bucket's policy must admit delivery.logs.amazonaws.com: a fix creates the flow log and nothing else.",
  ),
  deliverLogsPermissionArn: Destination.describe(
    "The role in the VPC's account that writes to CloudWatch Logs, such as arn:aws:iam::{accountId}:role/flow-logs.",
  ),
  maxAggregationInterval: z
    .union([z.literal(60), z.literal(600)])
    .default(600)
    .describe('The seconds of traffic in one record.'),
});
export type Parameters = z.infer<typeof Parameters>;
