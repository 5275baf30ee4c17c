import * as z from 'zod';

/** @see https://docs.aws.amazon.com/config/latest/APIReference/API_RemediationConfiguration.html */
export const RemediationConfiguration = z.object({
  ConfigRuleName: z.string().min(1).max(128),
  TargetType: z.literal('SSM_DOCUMENT'),
  TargetId: z.string().min(1).max(256),
  TargetVersion: z.string().optional(),
  Parameters: z
    .record(
      z.string().min(1).max(256),
      z.union([
        // AWS Config passes only the id of the resource.
        z.strictObject({ ResourceValue: z.strictObject({ Value: z.literal('RESOURCE_ID') }) }),
        z.strictObject({
          StaticValue: z.strictObject({ Values: z.array(z.string().min(1).max(256)).max(25) }),
        }),
      ]),
    )
    .refine((parameters) => Object.keys(parameters).length <= 25, 'at most 25 parameters')
    .optional(),
  ResourceType: z.string().optional(),
  Automatic: z.boolean().optional(),
  ExecutionControls: z
    .object({
      SsmControls: z
        .object({
          ConcurrentExecutionRatePercentage: z.int().min(1).max(100).optional(),
          ErrorPercentage: z.int().min(1).max(100).optional(),
        })
        .optional(),
    })
    .optional(),
  MaximumAutomaticAttempts: z.int().min(1).max(25).optional(),
  RetryAttemptSeconds: z.int().min(1).max(2_678_000).optional(),
});
export type RemediationConfiguration = z.output<typeof RemediationConfiguration>;

/** The parameters of the automation for a resource. */
export const automationParameters = (
  { Parameters: parameters = {} }: RemediationConfiguration,
  resourceId: string,
): Record<string, string[]> =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [
      name,
      'StaticValue' in value ? value.StaticValue.Values : [resourceId],
    ]),
  );
