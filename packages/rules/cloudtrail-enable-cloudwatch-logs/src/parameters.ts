import * as z from 'zod';

export const Parameters = z.object({
  logGroupName: z
    .string()
    .regex(/^[\w./#-]{1,512}$/)
    .default('/aws/cloudtrail/compliance')
    .describe(
      "The log group that a fix sets. It must exist in the trail's account and Region: a fix creates none, because its undo would delete it with the filters of others.",
    ),
  deliveryRoleArn: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      "The role in the trail's account with which CloudTrail writes to the log group, such as arn:{partition}:iam::{accountId}:role/cloudtrail-logs.",
    ),
  maxHoursSinceDelivery: z
    .int()
    .positive()
    .default(24)
    .describe('The hours after which a trail without a delivery counts as broken.'),
});
