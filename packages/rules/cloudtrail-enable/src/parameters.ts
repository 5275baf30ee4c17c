import * as z from 'zod';

const Destination = z.string().min(1).nullable().default(null);

export const Parameters = z.object({
  s3BucketName: Destination.describe('The bucket that the trail must deliver to; null: any.'),
  snsTopicArn: Destination.describe('The topic that the trail must notify; null: any or none.'),
  cloudWatchLogsLogGroupArn: Destination.describe(
    'The log group that the trail must deliver to, as an ARN with or without :*; null: any or none.',
  ),
  startStoppedTrails: z
    .boolean()
    .default(true)
    .describe('Whether a fix starts a stopped trail. Otherwise, a person decides.'),
});
export type Parameters = z.infer<typeof Parameters>;
