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

/** Why a rule is neither judged nor fixed in a place: it concerns another account, or the Region lacks a service. */
export const outOfScopeReason = (
  rule: Pick<Rule, 'command' | 'only' | 'permissions'>,
  settings: Pick<Settings, 'organization'>,
  place: { readonly accountId: string; readonly region: string; readonly partition: string },
): string | undefined =>
  concernsAccount(rule, settings, place.accountId)
    ? absentServiceReason(rule, place)
    : `${rule.command} concerns the management account only.`;

/** The rule as it runs under these settings: on schedule only where its resource type is not recorded. */
export const withRecordedTriggers = (rule: Rule, { recording }: Pick<Settings, 'recording'>): Rule =>
  recording?.scheduleOnly.includes(rule.resourceType) ? { ...rule, triggers: ['schedule'] } : rule;
