import { SEVERITIES, type RuleRow } from '@compliance/dashboard-data';

import type { Organization, OrganizationAccount } from './organization.ts';

/** The lists to whose rows the other members point. */
export interface Catalogue {
  readonly rules: readonly RuleRow[];
  readonly ruleIndex: ReadonlyMap<string, number>;
  readonly units: readonly string[];
  readonly accounts: readonly OrganizationAccount[];
  readonly accountIndex: ReadonlyMap<string, number>;
  /** The unit of each account. */
  readonly unitOf: readonly number[];
  readonly notes: readonly string[];
}

/** What has verdicts, or is listed without any. */
interface Seen {
  readonly accounts: ReadonlySet<string>;
  readonly rules: ReadonlySet<string>;
  readonly severities: Readonly<Record<string, string>>;
}

const UNKNOWN_UNIT = 'Not in the settings';

/** Completes the organization with accounts and rules that have verdicts but are in no list. */
export const createCatalogue = (
  { rules: listed, accounts: known }: Pick<Organization, 'rules' | 'accounts'>,
  seen: Seen,
): Catalogue => {
  const commands = new Set(listed.map(({ command }) => command));
  const furtherRules = [...seen.rules].filter((command) => !commands.has(command)).toSorted();
  const rules = [...listed, ...furtherRules.map((command) => unknownRule(command, seen.severities))];
  const ids = new Set(known.map(({ id }) => id));
  const furtherAccounts = [...seen.accounts].filter((id) => !ids.has(id));
  const accounts = [
    ...known,
    ...furtherAccounts.map((id) => ({ id, name: id, unit: UNKNOWN_UNIT })),
  ].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  const units = [...new Set(accounts.map(({ unit }) => unit))].toSorted();
  return {
    rules,
    ruleIndex: new Map(rules.map(({ command }, index) => [command, index])),
    units,
    accounts,
    accountIndex: new Map(accounts.map(({ id }, index) => [id, index])),
    unitOf: accounts.map(({ unit }) => units.indexOf(unit)),
    notes: [
      ...(furtherRules.length > 0
        ? [`Verdicts of rules that this release does not have: ${furtherRules.join(', ')}.`]
        : []),
      ...(furtherAccounts.length > 0 && known.length > 0
        ? [`${furtherAccounts.length} accounts with verdicts are not in the settings.`]
        : []),
    ],
  };
};

const unknownRule = (command: string, severities: Readonly<Record<string, string>>): RuleRow => ({
  command,
  title: command,
  severity: severityOf(severities[command]),
  service: command.split('_')[0] ?? '',
  resourceType: '',
  fix: 'person',
  controls: {},
});

const severityOf = (severity: string | undefined): RuleRow['severity'] =>
  SEVERITIES.find((known) => known === severity) ?? 'medium';
