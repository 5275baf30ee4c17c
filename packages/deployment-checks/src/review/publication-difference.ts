import type { Exemption, Rule, Settings } from '@compliance/core';
import { counted } from '@compliance/core/printable';

import { exemptionsDifference } from './exemptions-difference.ts';
import { settingsDifference, type SettingsChange } from './settings-difference.ts';

/** What the functions read: the settings and the exemptions beside them. */
export interface Publication {
  readonly settings: Settings;
  readonly exemptions: readonly Exemption[];
}

/** Changes of modes, parameters, accounts, limits and exemptions. Before the first publication, all accounts are added. */
export const publicationDifference = (
  before: Publication | undefined,
  after: Publication,
  rules: readonly Rule[],
): readonly SettingsChange[] => {
  const { settings, exemptions } = before ?? {
    settings: { ...after.settings, accounts: [] },
    exemptions: [],
  };
  return [
    ...settingsDifference(settings, after.settings, rules),
    ...exemptionsDifference(exemptions, after.exemptions),
  ];
};

/** Renders a difference for a terminal: what allows more first. */
export const renderDifference = (changes: readonly SettingsChange[]): string => {
  const wider = changes.filter(({ widens }) => widens);
  const others = changes.filter(({ widens }) => !widens);
  return [
    changes.length === 0
      ? 'Settings: only their form changes, not what they allow.'
      : `Settings: ${counted(changes.length, 'change')}, ${wider.length} of them ${wider.length === 1 ? 'allows' : 'allow'} more than before.`,
    ...wider.map(({ what }) => `  wider  ${what}`),
    ...others.map(({ what }) => `         ${what}`),
  ].join('\n');
};
