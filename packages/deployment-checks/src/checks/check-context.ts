import { allows, withRecordedTriggers, type Account, type Mode, type Rule } from '@compliance/core';
import { FORWARDING_ROLE, modeIn, type RegionalPlace } from '@compliance/infra';

import { isCovered, type Part } from '../model/coverage.ts';
import { isForwardingRule, type Deployment } from '../model/deployment.ts';
import type { DesiredState } from '../model/desired-state.ts';
import type { Problem } from '../model/problem.ts';

/** The deployment and the desired state: the input of every check. */
export interface CheckContext extends Required<DesiredState> {
  readonly deployment: Deployment;
  readonly masterAccountId: string;
  readonly homeRegion: string;
  readonly regions: readonly string[];
  readonly accounts: readonly Account[];
}

export const createCheckContext = (
  deployment: Deployment,
  { rules, settings, readerPrincipalArns = [] }: DesiredState,
): CheckContext => {
  const { masterAccountId, homeRegion, regions } = settings.organization;
  return {
    deployment,
    rules: rules.map((rule) => withRecordedTriggers(rule, settings)),
    settings,
    readerPrincipalArns,
    masterAccountId,
    homeRegion,
    regions,
    accounts: settings.accounts,
  };
};

/** Finds the problems of one kind. */
export type Check = (context: CheckContext) => readonly Problem[];

/** The master account in one Region. */
export const masterIn = ({ deployment, masterAccountId }: CheckContext, region: string): RegionalPlace => ({
  partition: deployment.partition,
  region,
  accountId: masterAccountId,
});

/** The rules whose mode in an account is `least` or higher. */
export const rulesIn = (context: CheckContext, account: Account, least: Mode = 'observe'): readonly Rule[] =>
  context.rules.filter((rule) => allows(modeIn(context.settings, account, rule), least));

/** Whether a rule is deployed to a Region. */
export const isDeployedTo = ({ homeRegion }: CheckContext, { deploy }: Rule, region: string): boolean =>
  deploy === 'every-region' || region === homeRegion;

/**
 * Whether an account forwards its compliance changes, which is optional: it then has the role or a rule for it.
 * `undefined`: unknown, because its roles were not read.
 */
export const forwardsChanges = ({ deployment }: CheckContext, accountId: string): boolean | undefined => {
  const { roles, eventRules } = deployment;
  const found =
    roles.some((role) => role.name === FORWARDING_ROLE && role.accountId === accountId) ||
    eventRules.some((rule) => isForwardingRule(rule) && rule.accountId === accountId);
  return found || (isCovered(deployment, { part: 'memberRoles', accountId }) ? false : undefined);
};

/** The configured Regions in which a part of an account was read. */
export const coveredRegions = (
  { deployment, regions }: CheckContext,
  part: Part,
  accountId: string,
): readonly string[] => regions.filter((region) => isCovered(deployment, { part, accountId, region }));

/** The configured accounts and Regions in which a part was read. */
export const coveredPlaces = (context: CheckContext, part: Part) =>
  context.accounts.flatMap((account) =>
    coveredRegions(context, part, account.id).map((region) => ({ account, accountId: account.id, region })),
  );
