import {
  absentServiceReason,
  allows,
  outOfScopeReason,
  parametersOf,
  partitionOf,
  type Account,
  type Rule,
  type Settings,
} from '@compliance/core/scan';

import { applicableOrDefault } from '../../account/account-settings.ts';
import type { ScanUnit } from './scan-account.ts';

export interface ScanScope {
  readonly rules: readonly Rule[];
  readonly regions: readonly string[];
  readonly homeRegion: string;
  readonly settings: Settings | undefined;
  readonly account: Account;
  /** Rules that are evaluated even if their mode is off. */
  readonly requested: readonly string[];
}

/** Lists each rule with each Region in which the deployed functions judge it; rules of the home Region once. */
export const planScan = ({
  rules,
  regions,
  homeRegion,
  settings,
  account,
  requested,
}: ScanScope): readonly ScanUnit[] =>
  rules.flatMap((rule) => {
    const applicable = applicableOrDefault(settings, account, rule.command);
    if (!allows(applicable.mode, 'observe') && !requested.includes(rule.command)) return [];
    const ruleRegions = rule.deploy === 'home-region' ? [homeRegion] : regions;
    return ruleRegions.flatMap((region) => {
      const place = { accountId: account.id, region, partition: partitionOf(region) };
      // Without settings, which account is the management account is not known.
      const outOfScope = settings
        ? outOfScopeReason(rule, settings, place)
        : absentServiceReason(rule, place);
      return outOfScope === undefined
        ? [{ rule, region, parameters: parametersOf(rule, applicable, place) }]
        : [];
    });
  });
