import {
  AccountId,
  Settings,
  applicableTo,
  formerNamesIn,
  parametersOf,
  partitionOf,
  ruleKeysFor,
  withFormerNames,
} from '@compliance/core';
import {
  asSentence,
  findPlaceholders,
  findSettingsProblems,
  settingsNotices,
  type SettingsNotice,
  type SettingsProblem,
} from '@compliance/infra';
import { isSelected } from '@compliance/frameworks';
import { loadAllRules, loadRule } from '@compliance/registry';
import * as z from 'zod';

import { readSettingsFile, SETTINGS_FILE } from '../../input/read-settings.ts';
import type { YamlFile } from '../../input/read-yaml.ts';
import { assertRule } from '../../input/unknown-rule.ts';
import { aligned, lines } from '../../output/aligned.ts';
import { UsageError } from '../../output/exit-codes.ts';

export interface SettingsFlags {
  readonly settings?: string;
  readonly json?: true;
}

export const checkSettings = async (flags: SettingsFlags): Promise<void> => {
  const file = await readSettingsFile(flags.settings);
  await assertUsable(file, findPlaceholders(file.value));
  for (const { path, write } of formerNamesIn(file.content))
    process.stderr.write(
      `${file.placeOf(path)}: ${path.join('.')} has another name now. Write ${write}. Both are accepted.\n`,
    );
  process.stderr.write(noticesText(settingsNotices(file.value, await loadAllRules())));
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
  await assertUsable(file);
  const id = AccountId.safeParse(account);
  if (!id.success) throw new UsageError(`Invalid account id: '${account}'. Use 12 digits.`);
  assertRule(command);
  const rule = await loadRule(command);
  const listed = file.value.accounts.find((one) => one.id === id.data);
  if (!listed)
    throw new UsageError(
      `Account ${id.data} is not in ${flags.settings ?? SETTINGS_FILE}, so nothing is done there. If it is yours, add it.`,
    );
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
    mode: isSelected(file.value, rule)
      ? { value: applicable.mode, from: placeOf('mode') }
      : { value: 'off', from: `${file.placeOf(['frameworks'])}, none of which asks for this rule` },
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

const noticesText = (notices: readonly SettingsNotice[]): string => {
  const fixes = notices.filter((notice) => notice.type === 'fix-without-parameters');
  const others = notices.filter(({ type }) => type !== 'fix-without-parameters');
  return lines([
    ...others.map(({ problem, remedy }) => `${problem} ${remedy}`),
    ...(fixes.length === 0
      ? []
      : [
          'These fixes lack parameters, so a person must fix what the rules find. Set the parameters, or mode observe:',
          ...aligned(
            fixes.map(({ command, missing, accounts }) => [command, `no ${missing} in ${accounts}`]),
          ).map((line) => `  ${line}`),
        ]),
  ]);
};

/** Prints warnings. @throws {UsageError} naming each mistake once, with its line */
const assertUsable = async (
  { value, placeOf }: YamlFile<Settings>,
  others: readonly SettingsProblem[] = [],
): Promise<void> => {
  const problems = [...others, ...findSettingsProblems(value, await loadAllRules())];
  const lineOf = (problem: SettingsProblem) => `${placeOf(problem.path)}: ${asSentence(problem)}`;
  for (const warning of problems.filter(({ isWarning }) => isWarning))
    process.stderr.write(`warning: ${lineOf(warning)}\n`);
  const mistakes = problems.filter(({ isWarning }) => !isWarning);
  if (mistakes.length > 0) throw new UsageError(mistakes.map(lineOf).join('; '));
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
