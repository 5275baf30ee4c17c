import * as z from 'zod';

import { ManagementEvents } from './management-events.ts';

/** Whether a trail records anything. Name and home Region identify it within the account. */
export const Recording = z.object({
  name: z.string(),
  homeRegion: z.string(),
  /** Records every account of the organization; members see it but cannot change it. */
  organization: z.boolean(),
  multiRegion: z.boolean(),
  /** `null`: it could not be read. */
  logging: z.boolean().nullable(),
  /** The error of the last delivery to the bucket, if any. */
  deliveryError: z.string().optional(),
  /** The code of the error with which CloudTrail refused to read the trail or its event selectors. */
  unreadable: z.string().exactOptional(),
});
export type Recording = z.infer<typeof Recording>;

/** What a trail records of management events. */
export const Trail = Recording.extend({
  /** Events of IAM, STS and CloudFront, which belong to no Region. */
  globalServiceEvents: z.boolean(),
  /** `null`: they could not be read; members may not read the selectors of the organization's trail. */
  managementEvents: ManagementEvents.nullable(),
});
export type Trail = z.infer<typeof Trail>;
