import {
  AccountId,
  Settings,
  accountIn,
  applicableTo,
  explain,
  formerNamesIn,
  isGlobMatch,
  parametersOf,
  partitionOf,
  ruleKeysFor,
  withFormerNames,
} from '@compliance/core';
import { settingsNotices } from '@compliance/infra';
import { commands, loadAllRules, loadRule } from '@compliance/registry';
import * as z from 'zod';

import { readSettingsFile } from '../../input/read-settings.ts';
import type { YamlFile } from '../../input/read-yaml.ts';
import { assertRule, unknownRule } from '../../input/unknown-rule.ts';
import { UsageError } from '../../output/exit-codes.ts';

export interface SettingsFlags {
  readonly settings?: string;
  readonly json?: true;
}

export const checkSettings = async (flags: SettingsFlags): Promise<void> => {
  const file = await readSettingsFile(flags.settings);
  await checkRules(file);
  for (const { path, write } of formerNamesIn(file.content))
    process.stderr.write(
      `${file.placeOf(path)}: ${path.join('.')} has another name now. Write ${write}. Both are accepted.\n`,
    );
  for (const { type, problem, remedy } of settingsNotices(file.value, await loadAllRules()))
    if (type === 'judged-nowhere') process.stderr.write(`${problem} ${remedy}\n`);
  const { accounts, organization, rules } = file.value;
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(withFormerNames(file.value), null, 2)}\n`
      : `Valid: ${accounts.length} accounts, ${organization.regions.length} Regions, ${Object.keys(rules).length} configured rules.\n`,
  );
};

/**
 * Prints the mode and parameters that apply, and the line that sets each: of the last group that sets it, otherwise of
 * the rule, otherwise of the defaults.
 */
export const explainSettings = async (
  account: string,
  command: string,
  flags: SettingsFlags,
): Promise<void> => {
  const file = await readSettingsFile(flags.settings);
  await checkRules(file);
  const id = AccountId.safeParse(account);
  if (!id.success) throw new UsageError(`Invalid account id: '${account}'. Use 12 digits.`);
  assertRule(command);
  const rule = await loadRule(command);
  const listed = accountIn(file.value, id.data);
  const applicable = applicableTo(file.value, listed, command);
  const keys = ruleKeysFor(file.value, command).toReversed();
  const places = [
    ...listed.groups.toReversed().flatMap((group) => keys.map((key) => ['rules', key, 'groups', group])),
    ...keys.map((key) => ['rules', key]),
    ['defaults'],
  ];
  const placeOf = (member: string): string => {
    const path = places.find((candidate) => file.has([...candidate, member]));
    return path ? file.placeOf([...path, member]) : 'built-in default';
  };
  const parameters = z
    .record(z.string(), z.unknown())
    .parse(parametersOf(rule, applicable, placeIn(file.value, id.data)));
  const explained = {
    account: `${listed.name} (${listed.id})`,
    rule: command,
    mode: { value: applicable.mode, from: placeOf('mode') },
    parameters: Object.fromEntries(
      Object.entries(parameters).map(([name, value]) => [
        name,
        {
          value,
          from: name in applicable.parameters ? parameterPlace(file, places, name) : 'default of the rule',
        },
      ]),
    ),
  };
  process.stdout.write(flags.json ? `${JSON.stringify(explained, null, 2)}\n` : asText(explained));
};

export const printSchema = (): void => {
  const schema = z.toJSONSchema(Settings, { io: 'input', unrepresentable: 'any' });
  process.stdout.write(
    `${JSON.stringify({ title: 'Continuous Compliance settings', ...schema }, null, 2)}\n`,
  );
};

/** Checks that rules exist, and that each accepts its parameters in every account. */
const checkRules = async ({ value, placeOf }: YamlFile<Settings>): Promise<void> => {
  const mistakes: string[] = [];
  for (const key of Object.keys(value.rules)) {
    const at = placeOf(['rules', key]);
    const matching = commands.filter((command) => isGlobMatch(key, command));
    if (matching.length === 0) mistakes.push(`${at}: ${unknownRule(key)}`);
    for (const command of matching) {
      const rule = await loadRule(command);
      for (const account of value.accounts) {
        try {
          parametersOf(rule, applicableTo(value, account, command), placeIn(value, account.id));
        } catch (error) {
          mistakes.push(`${at}: in account ${account.id}: ${explain(error)}`);
        }
      }
    }
  }
  if (mistakes.length > 0) throw new UsageError([...new Set(mistakes)].join('; '));
};

/** A place of the account: placeholders in parameters have values there. */
const placeIn = ({ organization: { homeRegion: region } }: Settings, accountId: string) => ({
  accountId,
  region,
  partition: partitionOf(region),
});

const parameterPlace = (file: YamlFile<Settings>, places: readonly string[][], name: string) => {
  const path = places.find((candidate) => file.has([...candidate, 'parameters', name]));
  return file.placeOf([...(path ?? []), 'parameters', name]);
};

interface Explained {
  readonly account: string;
  readonly rule: string;
  readonly mode: { readonly value: string; readonly from: string };
  readonly parameters: Readonly<Record<string, { readonly value: unknown; readonly from: string }>>;
}

const asText = ({ account, rule, mode, parameters }: Explained) =>
  [
    `${rule} in ${account}`,
    `  mode: ${mode.value}  (${mode.from})`,
    ...Object.entries(parameters).map(
      ([name, { value, from }]) => `  ${name}: ${JSON.stringify(value)}  (${from})`,
    ),
    '',
  ].join('\n');
