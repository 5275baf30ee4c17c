import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import type { Session } from '@compliance/core/rule';
import * as z from 'zod';

/** How far back a fix can look. */
export const MAX_DAYS = 90;

/** The calls of IMDS without a token on one day, which fail once a token is required. */
export const MetadataCalls = z.object({ day: z.iso.date(), withoutToken: z.number() });
export type MetadataCalls = z.infer<typeof MetadataCalls>;

/**
 * Reads the days for which CloudWatch has data, oldest first. A running instance without such calls has zeros; one that
 * does not run has no data.
 * @see https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/viewing_metrics_with_cloudwatch.html
 */
export const readMetadataCalls = async (instanceId: string, session: Session): Promise<MetadataCalls[]> => {
  const now = session.clock.now().getTime();
  const { Datapoints = [] } = await session.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: 'AWS/EC2',
      MetricName: 'MetadataNoToken',
      Dimensions: [{ Name: 'InstanceId', Value: instanceId }],
      StartTime: new Date(now - MAX_DAYS * DAY_MS),
      EndTime: new Date(now),
      Period: DAY_MS / 1000,
      Statistics: ['Sum'],
    }),
  );
  return Datapoints.flatMap(({ Timestamp, Sum }) =>
    Timestamp === undefined || Sum === undefined
      ? []
      : [{ day: Timestamp.toISOString().slice(0, 10), withoutToken: Sum }],
  ).toSorted((a, b) => (a.day < b.day ? -1 : 1));
};

/** Why the instance may still need calls without a token; `undefined` when the last days prove that it does not. */
export const needOfTokenlessCalls = (
  calls: readonly MetadataCalls[],
  days: number,
  now: Date,
): string | undefined => {
  const first = new Date(now.getTime() - days * DAY_MS).toISOString().slice(0, 10);
  const recent = calls.filter(({ day }) => day >= first);
  if (recent.length === 0) return `CloudWatch has no data of its calls of IMDS in the last ${days} days`;
  const last = recent.findLast(({ withoutToken }) => withoutToken > 0);
  return last === undefined
    ? undefined
    : `it called IMDS ${last.withoutToken} times without a token on ${last.day}`;
};

const DAY_MS = 86_400_000;
