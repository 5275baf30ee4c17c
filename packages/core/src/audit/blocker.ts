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

/** Why a plan is not applied. */
export interface Blocker {
  readonly reason: string;
  /** The principal that keeps reverting the fix, when known. */
  readonly changedBy?: ChangedBy;
}
