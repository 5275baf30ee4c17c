import { MODES, applicableTo, canonical, type Account, type Rule, type Settings } from '@compliance/core';

/** What a change of the settings means. */
export interface SettingsChange {
  /** Whether the product may do more than before. */
  readonly widens: boolean;
  readonly what: string;
}

/** Which modes, parameters and accounts change between two settings; rule by rule, accounts together. */
export const settingsDifference = (
  before: Settings,
  after: Settings,
  rules: readonly Rule[],
): readonly SettingsChange[] => {
  const was = new Map<string, Account>(before.accounts.map((account) => [account.id, account]));
  const is = new Map<string, Account>(after.accounts.map((account) => [account.id, account]));
  const added = [...is.values()].filter(({ id }) => !was.has(id));
  const removed = [...was.values()].filter(({ id }) => !is.has(id));
  const kept = [...is.values()].filter(({ id }) => was.has(id));
  const changes = rules.flatMap(({ command }) =>
    kept.flatMap((account) => {
      const old = applicableTo(before, was.get(account.id) ?? account, command);
      return ruleChanges(old, applicableTo(after, account, command)).map((change) => ({
        ...change,
        what: `${command}: ${change.what}`,
        account,
      }));
    }),
  );
  return [
    ...added.map(({ id, name }) => ({ widens: true, what: `Account ${id} (${name}) is added.` })),
    ...removed.map(({ id, name }) => ({ widens: false, what: `Account ${id} (${name}) is removed.` })),
    ...[...Map.groupBy(changes, ({ what }) => what)].map(([what, each]) => ({
      widens: each.some(({ widens }) => widens),
      what: `${what} in ${each
        .map(({ account: { id, name } }) => `${id} (${name})`)
        .toSorted()
        .join(', ')}.`,
    })),
    ...wholeChanges(before, after),
  ];
};

type Applicable = ReturnType<typeof applicableTo>;

const ruleChanges = (was: Applicable, is: Applicable): readonly SettingsChange[] => [
  ...(was.mode === is.mode
    ? []
    : [
        {
          widens: MODES.indexOf(is.mode) > MODES.indexOf(was.mode),
          what: `mode ${was.mode} becomes ${is.mode}`,
        },
      ]),
  ...(was.allowDisruptive === is.allowDisruptive
    ? []
    : [
        {
          widens: is.allowDisruptive,
          what: `disruptive fixes are ${is.allowDisruptive ? 'now' : 'no longer'} made automatically`,
        },
      ]),
  ...[...new Set([...Object.keys(was.parameters), ...Object.keys(is.parameters)])]
    .toSorted()
    .filter((name) => canonical(was.parameters[name]) !== canonical(is.parameters[name]))
    .map((name) => ({
      // Nobody but the rule knows which of two values is the stricter one.
      widens: true,
      what: `parameter ${name} becomes ${textOf(is.parameters[name])}, before ${textOf(was.parameters[name])}`,
    })),
];

const textOf = (value: unknown) => (value === undefined ? 'the default' : canonical(value));

/** What is not about one rule. */
const wholeChanges = (before: Settings, after: Settings): readonly SettingsChange[] =>
  (
    [
      'organization',
      'sweep',
      'repeatNonCompliantInAuto',
      'limits',
      'infrastructureAsCode',
      'exclusions',
    ] as const
  )
    .filter((key) => canonical(before[key]) !== canonical(after[key]))
    .map((key) => ({
      widens: true,
      what: `${key} becomes ${canonical(withoutSecret(after[key]))}, before ${canonical(withoutSecret(before[key]))}.`,
    }));

/** The external id is no password, but needs no stage either. */
const withoutSecret = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && 'externalId' in value
    ? { ...value, externalId: '…' }
    : value;
