import type { Account, AccountId, Applicable, Mode, Settings } from '@compliance/core';
import { allows, applicableTo, parseSettings } from '@compliance/core/scan';

/** Finds the account in the settings; an unlisted account has no groups. */
export const findAccount = (settings: Settings | undefined, id: AccountId): Account =>
  settings?.accounts.find((account) => account.id === id) ?? { id, name: id, groups: [] };

/** Gets the mode and parameters of a rule; without settings it observes with its defaults. */
export const applicableOrDefault = (
  settings: Settings | undefined,
  account: Account,
  command: string,
): Applicable =>
  settings
    ? applicableTo(settings, account, command)
    : { mode: 'observe', allowDisruptive: false, parameters: {} };

/** Settings of one account when there is no file: every default, and exemptions of any length. */
export const minimalSettings = ({
  accountId,
  region,
}: {
  readonly accountId: AccountId;
  readonly region: string;
}): Settings =>
  parseSettings({
    organization: {
      masterAccountId: accountId,
      externalId: 'none',
      homeRegion: region,
      regions: [region],
    },
    accounts: [{ id: accountId, name: accountId }],
    exemptionMaxDays: Number.MAX_SAFE_INTEGER,
  });

/** Copies the settings with no mode above `observe`. */
export const observeOnly = (settings: Settings): Settings => ({
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
