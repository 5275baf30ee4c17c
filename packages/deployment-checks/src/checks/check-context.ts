import { allows, applicableTo, type Account, type Mode, type Rule } from '@compliance/core';
import { FORWARDING_ROLE, type RegionalPlace } from '@compliance/infra';

import { hasLooked, isForwardingRule, type Deployment, type Part } from '../model/deployment.ts';
import type { Intent } from '../model/desired-state.ts';
import type { Problem } from '../model/problem.ts';

/** The deployment and the intent, side by side: what every check looks at. */
export interface Wiring extends Required<Intent> {
  readonly deployment: Deployment;
  readonly masterAccountId: string;
  readonly homeRegion: string;
  readonly regions: readonly string[];
  readonly accounts: readonly Account[];
}

export const wiringOf = (
  deployment: Deployment,
  { rules, settings, readerPrincipalArns = [] }: Intent,
): Wiring => {
  const { masterAccountId, homeRegion, regions } = settings.organization;
  const { accounts } = settings;
  return { deployment, rules, settings, readerPrincipalArns, masterAccountId, homeRegion, regions, accounts };
};

/** A check: the broken links of one kind. */
export type Check = (wiring: Wiring) => readonly Problem[];

export const masterIn = ({ deployment, masterAccountId }: Wiring, region: string): RegionalPlace => ({
  partition: deployment.partition,
  region,
  accountId: masterAccountId,
});

const modeOf = ({ settings }: Wiring, account: Account, { command }: Rule): Mode =>
  applicableTo(settings, account, command).mode;

/** The rules that do at least this much in an account. */
export const rulesIn = (wiring: Wiring, account: Account, least: Mode = 'observe'): readonly Rule[] =>
  wiring.rules.filter((rule) => allows(modeOf(wiring, account, rule), least));

/** The highest that some account lets a rule do: the pack is one for all. */
export const someAllow = (wiring: Wiring, rule: Rule, least: Mode): boolean =>
  wiring.accounts.some((account) => allows(modeOf(wiring, account, rule), least));

export const isDueIn = ({ homeRegion }: Wiring, { deploy }: Rule, region: string): boolean =>
  deploy === 'every-region' || region === homeRegion;

/**
 * Whether an account forwards its compliance changes, which is the choice of whoever deploys: it has the role or a
 * rule for it. `undefined`: nobody told.
 */
export const forwards = ({ deployment }: Wiring, accountId: string): boolean | undefined => {
  const { roles, eventRules } = deployment;
  const isThere =
    roles.some((role) => role.name === FORWARDING_ROLE && role.accountId === accountId) ||
    eventRules.some((rule) => isForwardingRule(rule) && rule.accountId === accountId);
  return isThere || (hasLooked(deployment, { part: 'memberRoles', accountId }) ? false : undefined);
};

/** The Regions of the settings where this part of this account was looked at. */
export const regionsLooked = (
  { deployment, regions }: Wiring,
  part: Part,
  accountId: string,
): readonly string[] => regions.filter((region) => hasLooked(deployment, { part, accountId, region }));

/** The accounts and Regions of the settings where this part was looked at. */
export const placesLooked = (wiring: Wiring, part: Part) =>
  wiring.accounts.flatMap((account) =>
    regionsLooked(wiring, part, account.id).map((region) => ({ account, accountId: account.id, region })),
  );
