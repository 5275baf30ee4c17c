import { allows, applicableTo, type Account, type Rule, type Settings } from '@compliance/core';
import { selectedRules } from '@compliance/frameworks';

import { modeIn } from './packs/enabled-rules.ts';

/** Settings of a rule that are valid, but do less than they seem to. */
export type SettingsNotice = JudgedNowhere | FixWithoutParameters;

interface Notice {
  readonly command: string;
  readonly problem: string;
  readonly remedy: string;
}

interface JudgedNowhere extends Notice {
  readonly type: 'judged-nowhere';
}

interface FixWithoutParameters extends Notice {
  readonly type: 'fix-without-parameters';
  /** The parameters that nobody set, in words. */
  readonly missing: string;
  /** The accounts without them, in words. */
  readonly accounts: string;
}

/** Reports rules that are on but judged in no account, and fixes that lack a parameter. */
export const settingsNotices = (settings: Settings, rules: readonly Rule[]): readonly SettingsNotice[] =>
  selectedRules(settings, rules).flatMap((rule) => [
    ...judgedNowhere(settings, rule),
    ...fixWithoutParameters(settings, rule),
  ]);

/** A rule for the management account is judged nowhere when the settings do not list that account. */
const judgedNowhere = (settings: Settings, { command, only }: Rule): readonly JudgedNowhere[] => {
  const { managementAccountId, masterAccountId } = settings.organization;
  const id = managementAccountId ?? masterAccountId;
  const isOn = settings.accounts.some((account) =>
    allows(applicableTo(settings, account, command).mode, 'observe'),
  );
  if (only === undefined || !isOn || settings.accounts.some((account) => account.id === id)) return [];
  const named =
    managementAccountId === undefined
      ? `which is the master account ${id} as long as organization.managementAccountId names no other`
      : id;
  return [
    {
      type: 'judged-nowhere',
      command,
      problem: `${command} is on, but judged nowhere: it concerns the management account only, ${named}, and the settings do not list that account.`,
      remedy: `List account ${id} among the accounts, name the management account in organization.managementAccountId, or set the mode of ${command} to off.`,
    },
  ];
};

/** Without a parameter that only the fix needs, every plan becomes work for a person. */
const fixWithoutParameters = (settings: Settings, rule: Rule): readonly FixWithoutParameters[] => {
  const lacking = settings.accounts
    .filter((account) => allows(modeIn(settings, account, rule), 'plan'))
    .map((account) => ({ account, missing: missingParameters(settings, rule, account).join(' and no ') }))
    .filter(({ missing }) => missing !== '');
  return [...Map.groupBy(lacking, ({ missing }) => missing)].map(([missing, each]) => {
    const accounts = namesOf(each.map(({ account }) => account));
    return {
      type: 'fix-without-parameters',
      command: rule.command,
      missing,
      accounts,
      problem: `${rule.command} is on, but its fix has no ${missing} in ${accounts}: a person must fix what it finds.`,
      remedy: `Set the parameters of ${rule.command} in compliance.yaml, or its mode to observe.`,
    };
  });
};

const missingParameters = (settings: Settings, { command, needs = [] }: Rule, account: Account) => {
  const { parameters } = applicableTo(settings, account, command);
  return needs.filter((name) => parameters[name] === undefined);
};

const SHOWN = 3;

const namesOf = (accounts: readonly Account[]): string =>
  accounts.length <= SHOWN
    ? accounts.map(({ id, name }) => `${id} (${name})`).join(', ')
    : `${accounts.length} accounts`;
