import { orThrow, type LoadedTrail } from '@compliance/trails';
import * as z from 'zod';

/** What a trail delivers to CloudWatch Logs. */
export const Delivery = z.object({
  organization: z.boolean(),
  /** The name of the log group; `null`: the trail has none. */
  logGroup: z.string().nullable(),
  /** The time of the last delivery; `null`: there was none yet. */
  delivered: z.iso.datetime().nullable(),
  /** The error of the last delivery, if any. */
  error: z.string().exactOptional(),
});
export type Delivery = z.infer<typeof Delivery>;

export const readDelivery = async ({
  Name,
  CloudWatchLogsLogGroupArn,
  IsOrganizationTrail,
  status,
}: Pick<
  LoadedTrail,
  'Name' | 'CloudWatchLogsLogGroupArn' | 'IsOrganizationTrail' | 'status'
>): Promise<Delivery> => {
  const organization = IsOrganizationTrail === true;
  // CloudTrail may answer an empty text for a trail whose log group was removed.
  if (!CloudWatchLogsLogGroupArn) return { organization, logGroup: null, delivered: null };
  const logGroup = logGroupName(CloudWatchLogsLogGroupArn);
  const { LatestCloudWatchLogsDeliveryTime: time, LatestCloudWatchLogsDeliveryError: error } = orThrow(
    await status(),
    Name,
  );
  return {
    organization,
    logGroup,
    delivered: time ? time.toISOString() : null,
    ...(error && { error }),
  };
};

/** `/aws/cloudtrail` of `arn:aws:logs:eu-west-1:111122223333:log-group:/aws/cloudtrail:*` */
const logGroupName = (arn: string): string => arn.split(':')[6] ?? arn;
