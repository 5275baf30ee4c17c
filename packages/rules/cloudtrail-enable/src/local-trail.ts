import { activityShortcomings, observeRecording, Recording, unreadShortcomings } from '@compliance/trails';
import type { LoadedTrail, Shortcoming } from '@compliance/trails';
import * as z from 'zod';

import type { Parameters } from './parameters.ts';

/** A trail, and where it delivers; `null`: nowhere, or unknown where the trail could not be described. */
export const LocalTrail = Recording.extend({
  bucket: z.string().nullable(),
  topic: z.string().nullable(),
  logGroup: z.string().nullable(),
});
export type LocalTrail = z.infer<typeof LocalTrail>;

export const observeLocalTrail = async (trail: LoadedTrail): Promise<LocalTrail> => ({
  ...(await observeRecording(trail)),
  bucket: trail.S3BucketName ? trail.S3BucketName : null,
  topic: trail.SnsTopicARN ? trail.SnsTopicARN : null,
  logGroup: trail.CloudWatchLogsLogGroupArn ? withoutSuffix(trail.CloudWatchLogsLogGroupArn) : null,
});

/** Whether a trail records the events of this Region. */
export const covers = ({ multiRegion, homeRegion }: LocalTrail, region: string): boolean =>
  multiRegion || homeRegion === region;

/** Lists why a trail is not proven to record, and to deliver as the settings require. */
export const shortcomingsOf = (trail: LocalTrail, required: Parameters): readonly Shortcoming[] => [
  ...activityShortcomings(trail),
  ...destinationShortcomings(trail, required),
  ...unreadShortcomings(trail, { selectors: {} }),
];

const destinationShortcomings = (
  { bucket, topic, logGroup }: LocalTrail,
  { s3BucketName, snsTopicArn, cloudWatchLogsLogGroupArn }: Parameters,
): Shortcoming[] =>
  (
    [
      ['delivers to bucket', bucket, s3BucketName],
      ['notifies', topic, snsTopicArn],
      [
        'delivers to log group',
        logGroup,
        cloudWatchLogsLogGroupArn && withoutSuffix(cloudWatchLogsLogGroupArn),
      ],
    ] as const
  ).flatMap(([what, found, required]) =>
    required === null || found === required
      ? []
      : [{ text: `${what} ${found ?? 'none'}, not ${required}`, remedy: 'person' as const }],
  );

const withoutSuffix = (arn: string): string => arn.replace(/:\*$/, '');
