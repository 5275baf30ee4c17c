import { AccountId } from '@compliance/core/rule';
import * as z from 'zod';

export const Parameters = z.object({
  centralMonitoringAccount: AccountId.nullable()
    .default(null)
    .describe('The account that must manage GuardDuty. null: only the detector is judged.'),
  findingPublishingFrequency: z
    .enum(['FIFTEEN_MINUTES', 'ONE_HOUR', 'SIX_HOURS'])
    .default('FIFTEEN_MINUTES')
    .describe('How often a detector that the fix creates exports updates of findings.'),
  excludedRegions: z.array(z.string()).default([]).describe('Regions that do not need GuardDuty.'),
});
export type Parameters = z.infer<typeof Parameters>;
