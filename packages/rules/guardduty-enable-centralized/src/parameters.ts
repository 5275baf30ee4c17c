import { AccountId } from '@compliance/core/rule';
import * as z from 'zod';

export const Parameters = z.object({
  /** The account that must manage GuardDuty; `null`: only the detector is judged. */
  centralMonitoringAccount: AccountId.nullable().default(null),
  /** How often a detector that the fix creates exports updates of findings. */
  findingPublishingFrequency: z.enum(['FIFTEEN_MINUTES', 'ONE_HOUR', 'SIX_HOURS']).default('FIFTEEN_MINUTES'),
  /** Regions that do not need GuardDuty. */
  excludedRegions: z.array(z.string()).default([]),
});
export type Parameters = z.infer<typeof Parameters>;
