import {
  MODES,
  allows,
  applicableTo,
  canonical,
  grantAction,
  isPlainObject,
  type Account,
  type Mode,
  type Rule,
  type Settings,
} from '@compliance/core';
import { modeIn } from '@compliance/infra';

/** A change of the settings, described in words. */
export interface SettingsChange {
  /** Whether the product may do more than before. */
  readonly widens: boolean;
  readonly what: string;
}

/** Changes of modes, parameters and accounts; per rule, accounts joined. */
export const settingsDifference = (
  before: Settings,
  after: Settings,
  rules: readonly Rule[],
): readonly SettingsChange[] => {
  const was = byId(before);
  const is = byId(after);
  const removed = [...was.values()].filter(({ id }) => !is.has(id));
  const common = [...is.values()].flatMap((account) => {
    const old = was.get(account.id);
    return old ? { old, account } : [];
  });
  const changes = rules.flatMap((rule) =>
    common.flatMap(({ old, account }) =>
      ruleChanges(rule, applicableIn(before, old, rule), applicableIn(after, account, rule)).map(
        (change) => ({ ...change, what: `${rule.command}: ${change.what}`, account }),
      ),
    ),
  );
  return [
    ...[...is.values()]
      .filter(({ id }) => !was.has(id))
      .map((account) => addedAccount(account, after, rules)),
    ...removed.map(({ id, name }) => ({ widens: false, what: `Account ${id} (${name}) is removed.` })),
    ...[...Map.groupBy(changes, ({ what }) => what)].map(([what, each]) => ({
      widens: each.some(({ widens }) => widens),
      what: `${what} in ${namesOf(each.map(({ account }) => account))}.`,
    })),
    ...common.flatMap(({ old, account }) => accountChanges(old, account)),
    ...regionChanges(before, after),
    ...otherChanges(before, after),
  ];
};

const byId = ({ accounts }: Settings) =>
  new Map<string, Account>(accounts.map((account) => [account.id, account]));

const namesOf = (accounts: readonly Account[]): string =>
  accounts
    .map(({ id, name }) => `${id} (${name})`)
    .toSorted()
    .join(', ');

/** Describes the modes in a new account, highest first. */
const addedAccount = (account: Account, settings: Settings, rules: readonly Rule[]): SettingsChange => {
  const byMode = Map.groupBy(rules, (rule) => modeIn(settings, account, rule));
  const modes = MODES.toReversed().flatMap((mode) => {
    const commands = byMode.get(mode)?.map(({ command }) => command) ?? [];
    return commands.length === 0 ? [] : `${mode}: ${mode === 'auto' ? commands.join(', ') : few(commands)}`;
  });
  const groups = account.groups.length === 0 ? '' : `, in ${account.groups.join(', ')}`;
  return {
    widens: true,
    what: `Account ${account.id} (${account.name}${groups}) is added. ${modes.join('. ')}.`,
  };
};

const SHOWN = 6;

const few = (names: readonly string[]): string =>
  names.length <= SHOWN ? names.join(', ') : `${names.length} rules`;

type Applicable = ReturnType<typeof applicableTo>;

const applicableIn = (settings: Settings, account: Account, rule: Rule): Applicable => ({
  ...applicableTo(settings, account, rule.command),
  mode: modeIn(settings, account, rule),
});

/** Describes what a mode allows, with the actions of the fixes. */
const consequence = (mode: Mode, rule: Rule): string => {
  if (!rule.fix || !allows(mode, 'approve')) return '';
  const actions =
    [...new Set(rule.permissions.fix.map(grantAction))].toSorted().join(', ') || 'no API calls of its own';
  return mode === 'auto'
    ? `: its fixes run automatically (${actions})`
    : `: its fixes run after approval (${actions})`;
};

const ruleChanges = (rule: Rule, was: Applicable, is: Applicable): readonly SettingsChange[] => [
  ...(was.mode === is.mode
    ? []
    : [
        {
          widens: MODES.indexOf(is.mode) > MODES.indexOf(was.mode),
          what: `mode ${was.mode} becomes ${is.mode}${consequence(is.mode, rule)};`,
        },
      ]),
  ...(was.allowDisruptive === is.allowDisruptive
    ? []
    : [
        {
          widens: is.allowDisruptive,
          what: `disruptive fixes are ${is.allowDisruptive ? 'now' : 'no longer'} applied automatically`,
        },
      ]),
  ...[...new Set([...Object.keys(was.parameters), ...Object.keys(is.parameters)])]
    .toSorted()
    .filter((name) => canonical(was.parameters[name]) !== canonical(is.parameters[name]))
    .map((name) => ({
      // Only the rule knows which of two values is stricter.
      widens: true,
      what: `parameter ${name} becomes ${textOf(is.parameters[name])}, before ${textOf(was.parameters[name])}`,
    })),
];

const textOf = (value: unknown) => (value === undefined ? 'the default' : canonical(value));

/** Changes of an account's own fields. Its groups decide modes, which appear per rule. */
const accountChanges = (was: Account, is: Account): readonly SettingsChange[] =>
  (['name', 'groups', 'ou', 'owner'] as const)
    .filter((key) => canonical(was[key]) !== canonical(is[key]))
    .map((key) => ({
      widens: false,
      what: `Account ${is.id} (${is.name}): ${key} becomes ${textOf(is[key])}, before ${textOf(was[key])}.`,
    }));

const regionChanges = (
  { organization: was }: Settings,
  { organization: is }: Settings,
): readonly SettingsChange[] => [
  ...is.regions
    .filter((region) => !was.regions.includes(region))
    .map((region) => ({ widens: true, what: `Region ${region} is added: everything also runs there.` })),
  ...was.regions
    .filter((region) => !is.regions.includes(region))
    .map((region) => ({ widens: false, what: `Region ${region} is removed.` })),
];

/** All other changes, one per value. */
const otherChanges = (before: Settings, after: Settings): readonly SettingsChange[] => {
  const [was, is] = [leavesOf(withoutReported(before)), leavesOf(withoutReported(after))];
  return [...new Set([...was.keys(), ...is.keys()])]
    .toSorted()
    .filter((path) => was.get(path) !== is.get(path))
    .map((path) => ({
      // Whether a smaller value is stricter depends on the setting.
      widens: true,
      what: path.endsWith('externalId')
        ? `${path} changes: deploy it to members and functions together.`
        : `${path} becomes ${is.get(path) ?? 'the default'}, before ${was.get(path) ?? 'the default'}.${warningOf(path, is.get(path))}`,
    }));
};

const warningOf = (path: string, value: string | undefined): string =>
  path === 'ledger.lockMode' && value === canonical('COMPLIANCE')
    ? ' Nobody can undo it, not even AWS: what is sealed under it stays until its lock ends.'
    : '';

/** Reported per rule and per account. */
const REPORTED_ELSEWHERE = ['accounts', 'rules', 'defaults'];

const withoutReported = (settings: Settings) => {
  const without = (of: object, keys: readonly string[]) =>
    Object.fromEntries(Object.entries(of).filter(([key]) => !keys.includes(key)));
  return {
    ...without(settings, REPORTED_ELSEWHERE),
    organization: without(settings.organization, ['regions']),
  };
};

/** `limits.flaps.times` → its value as text. */
const leavesOf = (value: unknown, path: readonly string[] = []): ReadonlyMap<string, string> =>
  isPlainObject(value)
    ? new Map(Object.entries(value).flatMap(([key, inner]) => [...leavesOf(inner, [...path, key])]))
    : new Map(value === undefined ? [] : [[path.join('.'), canonical(value)]]);
