import * as z from 'zod';

/** A change of a resource by somebody else, as CloudTrail recorded it. */
export const ChangedBy = z.object({
  /** The ARN of the identity, or the name of an AWS service. */
  principal: z.string(),
  /** `PutBucketVersioning` */
  eventName: z.string(),
  time: z.iso.datetime(),
});
export type ChangedBy = Readonly<z.infer<typeof ChangedBy>>;

/** What holds back a fix on its own, for programs. The reason says it in words. */
export const BlockedBy = z.enum(['limit', 'circuit', 'flapping']);
export type BlockedBy = z.infer<typeof BlockedBy>;

/** Why a plan is not applied. */
export interface Blocker {
  readonly reason: string;
  readonly blockedBy?: BlockedBy;
  /** The principal that keeps reverting the fix, when known. */
  readonly changedBy?: ChangedBy;
}
