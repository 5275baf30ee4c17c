import { absentService } from '../aws/absent-services.ts';
import { evaluateGrants, type Rule } from '../rule/rule.ts';
import type { Settings } from './settings.ts';

/** Whether a rule concerns an account at all. Elsewhere no role is assumed for it. */
export const concernsAccount = (
  { only }: Pick<Rule, 'only'>,
  { organization }: Pick<Settings, 'organization'>,
  accountId: string,
): boolean =>
  only !== 'management-account' ||
  accountId === (organization.managementAccountId ?? organization.masterAccountId);

/** Why a rule has nothing to judge in a Region: the Region lacks a service that the rule reads. */
export const absentServiceReason = (
  rule: Pick<Rule, 'permissions'>,
  place: { readonly region: string; readonly partition: string },
): string | undefined => {
  const service = absentService(evaluateGrants(rule), place);
  return service === undefined ? undefined : `Region ${place.region} does not have the service ${service}.`;
};

/** The rule as it runs under these settings: on schedule only where its resource type is not recorded. */
export const withRecordedTriggers = (rule: Rule, { recording }: Pick<Settings, 'recording'>): Rule =>
  recording?.scheduleOnly.includes(rule.resourceType) ? { ...rule, triggers: ['schedule'] } : rule;
