import * as z from 'zod';

/** A change of a resource that was not ours, as CloudTrail tells of it. */
export const ChangedBy = z.object({
  /** The ARN of the identity, or the service that has none. */
  principal: z.string(),
  /** `PutBucketVersioning` */
  eventName: z.string(),
  time: z.iso.datetime(),
});
export type ChangedBy = Readonly<z.infer<typeof ChangedBy>>;

/** Why a plan is not applied. */
export interface Blocker {
  readonly reason: string;
  /** Who changes the resource back, where that is why and where it is known. */
  readonly changedBy?: ChangedBy;
}
