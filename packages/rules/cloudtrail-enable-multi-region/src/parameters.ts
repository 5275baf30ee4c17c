import * as z from 'zod';

export const Parameters = z.object({
  /** The name of the trail that a fix creates. */
  trailName: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9]|[._-](?=[A-Za-z0-9])){2,127}$/)
    .default('compliance-multi-region'),
  /** The bucket for that trail. Its policy must admit CloudTrail for this account: a fix creates no bucket. */
  s3BucketName: z.string().min(1).nullable().default(null),
  /** The KMS key for that trail; `null`: the default encryption of S3. */
  kmsKeyArn: z.string().min(1).nullable().default(null),
  /** Sources of management events that a trail may leave out, such as `kms.amazonaws.com`. */
  excludeManagementEventSources: z.array(z.string()).default([]),
  /** Whether a trail of the whole organization is enough. */
  acceptOrganizationTrail: z.boolean().default(true),
});
export type Parameters = z.infer<typeof Parameters>;
