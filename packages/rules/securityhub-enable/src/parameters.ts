import * as z from 'zod';

export const Parameters = z.object({
  requireStandards: z
    .array(z.string())
    .default([])
    .describe(
      'Standards that must be enabled too, such as cis-aws-foundations-benchmark/v/5.0.0. A fix enables them.',
    ),
  enableDefaultStandards: z
    .boolean()
    .default(false)
    .describe('Whether a fix that turns Security Hub on also enables the default standards.'),
  excludedRegions: z.array(z.string()).default([]).describe('Regions that do not need Security Hub.'),
});
export type Parameters = z.infer<typeof Parameters>;
