import type { JudgeContext } from '@compliance/core/rule';

import type { DetectorFacts } from './detector.ts';
import type { Parameters } from './parameters.ts';

/** Why the central account does not manage GuardDuty here; `undefined`: it does. */
export const centralGap = (
  { administrator }: DetectorFacts,
  { accountId, parameters }: Pick<JudgeContext<Parameters>, 'accountId' | 'parameters'>,
): string | undefined => {
  const central = parameters.centralMonitoringAccount;
  // The central account itself has no administrator.
  if (central === null || central === accountId) return undefined;
  if (!administrator) return `GuardDuty has no administrator account; it must be ${central}.`;
  if (administrator.accountId !== central)
    return `GuardDuty is managed by ${administrator.accountId}, not by ${central}.`;
  if (administrator.relationshipStatus !== 'Enabled')
    return `The relationship to GuardDuty's administrator ${central} is ${administrator.relationshipStatus}.`;
  return undefined;
};
