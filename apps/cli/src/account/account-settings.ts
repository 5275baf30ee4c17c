import type { Account, AccountId, Applicable, Mode, Settings } from '@compliance/core';
import { allows, applicableTo } from '@compliance/core';

/** The account as the settings list it; one that they don't list has no group, so the rules' own choices hold. */
export const accountHere = (settings: Settings | undefined, id: AccountId): Account =>
  settings?.accounts.find((account) => account.id === id) ?? { id, name: id, groups: [] };

/** What applies to a rule here; without settings its defaults, and verdicts only. */
export const applicableHere = (
  settings: Settings | undefined,
  account: Account,
  command: string,
): Applicable =>
  settings
    ? applicableTo(settings, account, command)
    : { mode: 'observe', allowDisruptive: false, parameters: {} };

/** The same settings, but no rule does more than give verdicts. */
export const observingOnly = (settings: Settings): Settings => ({
  ...settings,
  defaults: { ...settings.defaults, mode: atMostObserve(settings.defaults.mode) },
  rules: mapValues(settings.rules, (rule) => ({ ...capped(rule), groups: mapValues(rule.groups, capped) })),
});

const capped = <Choice extends { readonly mode?: Mode | undefined }>(choice: Choice): Choice => ({
  ...choice,
  ...(choice.mode && { mode: atMostObserve(choice.mode) }),
});

const atMostObserve = (mode: Mode): Mode => (allows(mode, 'observe') ? 'observe' : mode);

const mapValues = <T>(record: Readonly<Record<string, T>>, map: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)] as const));
