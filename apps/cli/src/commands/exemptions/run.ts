import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';

import { Exemptions, daysUntil, type Exemption } from '@compliance/core';
import { commands } from '@compliance/registry';
import { isSeq, parseDocument } from 'yaml';

import { EXEMPTIONS_FILE, readExemptionsFile } from '../../input/read-exemptions.ts';
import { readSettings } from '../../input/read-settings.ts';
import { readText } from '../../input/read-text.ts';
import { didYouMean, parseYaml, type YamlFile } from '../../input/read-yaml.ts';
import { UsageError } from '../../output/exit-codes.ts';

export interface ExemptionsFlags {
  readonly file?: string;
  readonly json?: true;
}

export interface AddFlags {
  readonly file?: string;
  readonly id: string;
  readonly resource?: string[];
  readonly account?: string[];
  readonly command?: string[];
  readonly reason: string;
  readonly owner: string;
  readonly approver: string;
  readonly ticket: string;
  readonly expires: string;
}

/** @param withinDays Only those that end within so many days. @returns what was listed */
export const listExemptions = async (
  flags: ExemptionsFlags,
  withinDays: number,
): Promise<readonly Exemption[]> => {
  if (Number.isNaN(withinDays)) throw new UsageError('--days takes a number.');
  const now = new Date();
  const { value } = await requireFile(flags);
  const listed = value.exemptions
    .map((exemption) => ({ ...exemption, days: daysUntil(exemption, now) }))
    .filter(({ days }) => days <= withinDays)
    .toSorted((a, b) => a.days - b.days);
  if (flags.json) process.stdout.write(`${JSON.stringify(listed, null, 2)}\n`);
  else process.stdout.write(listed.length === 0 ? 'None.\n' : listed.map(lineOf).join(''));
  return listed;
};

export const checkExemptions = async (flags: ExemptionsFlags): Promise<void> => {
  const file = await requireFile(flags);
  const mistakes = await mistakesIn(file);
  if (mistakes.length > 0) throw new UsageError(mistakes.join('; '));
  process.stdout.write(`Valid: ${file.value.exemptions.length} exemptions.\n`);
};

/** Adds an entry; the file is written only if all of it is valid then. */
export const addExemption = async ({
  file = EXEMPTIONS_FILE,
  resource,
  account,
  command,
  ...told
}: AddFlags) => {
  const text = existsSync(file) ? await readText(file) : 'exemptions: []\n';
  const document = parseDocument(text);
  const entry = {
    ...told,
    ...(resource && { resources: resource }),
    ...(account && { accounts: account }),
    ...(command && { commands: command }),
  };
  const list = document.get('exemptions');
  if (isSeq(list)) list.flow = false;
  document.addIn(['exemptions'], document.createNode(entry));
  const changed = String(document);
  const mistakes = await mistakesIn(parseYaml(Exemptions, changed, file));
  if (mistakes.length > 0) throw new UsageError(mistakes.join('; '));
  await writeFile(file, changed);
  process.stdout.write(`Added ${told.id} to ${file}.\n`);
};

const requireFile = async ({ file }: ExemptionsFlags): Promise<YamlFile<Exemptions>> => {
  const found = await readExemptionsFile(file);
  if (found) return found;
  throw new UsageError(`There is no ./${EXEMPTIONS_FILE}; name the file with --file.`);
};

const mistakesIn = async ({ value, placeOf }: YamlFile<Exemptions>): Promise<readonly string[]> => {
  const maxDays = (await readSettings())?.exemptionMaxDays ?? 365;
  const now = new Date();
  const ids = value.exemptions.map(({ id }) => id);
  return value.exemptions.flatMap((exemption, index) => {
    const at = placeOf(['exemptions', index]);
    const unknown = (exemption.commands ?? []).filter((command) => !commands.includes(command));
    return [
      ...(ids.indexOf(exemption.id) === index ? [] : [`${at}: the id ${exemption.id} is used twice`]),
      ...unknown.map((command) => `${at}: there is no rule ${command}${didYouMean(command, commands)}`),
      ...(daysUntil(exemption, now) <= maxDays
        ? []
        : [
            `${at}: ${exemption.id} ends ${exemption.expires}, more than the ${maxDays} days away that are allowed`,
          ]),
    ];
  });
};

const lineOf = ({ id, expires, days, owner, reason }: Exemption & { readonly days: number }) => {
  const when = days > 0 ? `in ${days} days` : 'ENDED';
  return `${id.padEnd(24)} ${expires} (${when})  ${owner}: ${reason}\n`;
};
