import * as z from 'zod';

export const Parameters = z.object({
  trailName: z
    .string()
    .regex(/^[A-Za-z0-9](?:[A-Za-z0-9]|[._-](?=[A-Za-z0-9])){2,127}$/)
    .default('compliance-multi-region')
    .describe('The name of the trail that a fix creates.'),
  s3BucketName: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe(
      'The bucket for that trail. Its policy must admit CloudTrail for this account: a fix creates no bucket.',
    ),
  kmsKeyArn: z
    .string()
    .min(1)
    .nullable()
    .default(null)
    .describe('The KMS key for that trail; null: the default encryption of S3.'),
  excludeManagementEventSources: z
    .array(z.string())
    .default([])
    .describe('The sources of management events that a trail may leave out, such as kms.amazonaws.com.'),
  acceptOrganizationTrail: z
    .boolean()
    .default(true)
    .describe('Whether a trail of the whole organization is enough.'),
});
export type Parameters = z.infer<typeof Parameters>;
