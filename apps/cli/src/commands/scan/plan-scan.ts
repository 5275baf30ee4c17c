import { allows, parametersOf, type Account, type Rule, type Settings } from '@compliance/core';

import { applicableHere } from '../../account/account-settings.ts';
import type { ScanUnit } from './scan-account.ts';

export interface ScanScope {
  readonly rules: readonly Rule[];
  readonly regions: readonly string[];
  readonly homeRegion: string;
  readonly settings: Settings | undefined;
  readonly account: Account;
  /** A rule that was named is judged even where it is off. */
  readonly named: readonly string[];
}

/** Each rule in each Region; those of the home Region once, wherever else one looks. */
export const planScan = ({
  rules,
  regions,
  homeRegion,
  settings,
  account,
  named,
}: ScanScope): readonly ScanUnit[] =>
  rules.flatMap((rule) => {
    const applicable = applicableHere(settings, account, rule.command);
    if (!allows(applicable.mode, 'observe') && !named.includes(rule.command)) return [];
    const parameters = parametersOf(rule, applicable);
    const where = rule.deploy === 'home-region' ? [homeRegion] : regions;
    return where.map((region) => ({ rule, region, parameters }));
  });
