import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

import { daysUntil, defined, type Exemption } from '@compliance/core';
import { isSeq, parseDocument } from 'yaml';

import { EXEMPTIONS_FORMAT, EXEMPTIONS_FILE, readExemptionsFile } from '../../input/read-exemptions.ts';
import { SETTINGS_FILE, readSettings } from '../../input/read-settings.ts';
import { readText } from '../../input/read-text.ts';
import { parseYaml } from '../../input/parse-yaml.ts';
import { UsageError } from '../../output/exit-codes.ts';
import { exemptionMistakes } from './exemption-mistakes.ts';

export interface ExemptionsFlags {
  readonly file?: string;
  readonly json?: true;
}

export interface AddFlags {
  readonly file?: string;
  readonly id: string;
  readonly resource?: string[];
  readonly account?: string[];
  readonly rule?: string[];
  /** The former name of `rule`. */
  readonly command?: string[];
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
  readonly ticket: string;
  readonly expires: string;
}

/** Prints the exemptions that expire within so many days. @returns them */
export const listExemptions = async (
  flags: ExemptionsFlags,
  withinDays: number,
): Promise<readonly Exemption[]> => {
  const now = new Date();
  const { value } = await readExemptionsFile(flags.file);
  const listed = value.exemptions
    .map((exemption) => ({ ...exemption, days: daysUntil(exemption, now) }))
    .filter(({ days }) => days <= withinDays)
    .toSorted((a, b) => a.days - b.days);
  if (flags.json) process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
  else process.stdout.write(listed.length === 0 ? 'No exemptions.\n' : listed.map(lineOf).join(''));
  return listed;
};

export const checkExemptions = async (flags: ExemptionsFlags): Promise<void> => {
  const file = await readExemptionsFile(flags.file);
  const settings = await readSettings();
  const mistakes = await exemptionMistakes(file, settings);
  if (mistakes.length > 0) throw new UsageError(mistakes.join('; '));
  process.stdout.write(`Valid: ${file.value.exemptions.length} exemptions.\n`);
  if (settings === undefined)
    process.stderr.write(`Accounts, OUs and Regions were not checked: there is no ./${SETTINGS_FILE}.\n`);
};

/** Adds an entry, and writes the file only if all of it is valid. */
export const addExemption = async ({
  file = EXEMPTIONS_FILE,
  resource,
  account,
  rule = [],
  command = [],
  ...fields
}: AddFlags) => {
  const text = existsSync(file) ? await readText(file) : 'exemptions: []\n';
  const document = parseDocument(text);
  const commands = [...rule, ...command];
  const entry = {
    ...fields,
    ...defined({
      resources: resource,
      accounts: account,
      commands: commands.length > 0 ? commands : undefined,
    }),
  };
  const list = document.get('exemptions');
  if (isSeq(list)) list.flow = false;
  document.addIn(['exemptions'], document.createNode(entry));
  const changed = String(document);
  const mistakes = await exemptionMistakes(parseYaml(EXEMPTIONS_FORMAT, changed, file), await readSettings());
  if (mistakes.length > 0) throw new UsageError(mistakes.join('; '));
  await writeFile(file, changed);
  process.stdout.write(`Added ${fields.id} to ${file}.\n`);
};

const lineOf = ({ id, expires, days, owner, reason }: Exemption & { readonly days: number }) => {
  const when = days > 0 ? `in ${days} days` : 'EXPIRED';
  return `${id.padEnd(24)} ${expires} (${when})  ${owner}: ${reason}\n`;
};
