import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { loadAllRules } from '@compliance/registry';
import { COMMENT_LENGTH, review, shorten } from '@compliance/deployment-checks';

import { EXEMPTIONS_FORMAT, EXEMPTIONS_FILE, readExemptionsFile } from '../../input/read-exemptions.ts';
import { SETTINGS_FORMAT, SETTINGS_FILE, readSettings, readSettingsFile } from '../../input/read-settings.ts';
import { readTerraformPlan } from '../../input/read-terraform-plan.ts';
import { readYamlAtCommit } from '../../input/read-yaml-at-commit.ts';
import { makeFolder } from '../../output/make-folder.ts';

export interface ReviewFlags {
  readonly settings?: string;
  readonly settingsBefore?: string;
  readonly base?: string;
  readonly out?: string;
  readonly comment?: string;
  readonly json?: true;
}

/** Prints the review of a plan, and writes it where the flags say. @returns the exit code */
export const runReview = async (path: string, flags: ReviewFlags): Promise<number> => {
  const plan = await readTerraformPlan(path);
  const { value: settings } = await readSettingsFile(flags.settings);
  const { text, json, exitCode } = review({
    plan,
    rules: await loadAllRules(),
    settings,
    settingsBefore: await readSettingsBefore(flags),
    exemptions: await readExemptionChanges(flags),
  });
  if (flags.out !== undefined) await writeInFolder(flags.out, text);
  if (flags.comment !== undefined) await writeInFolder(flags.comment, shorten(text, MAX_COMMENT));
  process.stdout.write(flags.json ? `${JSON.stringify(json, null, 2)}\n` : text);
  return exitCode;
};

/** Leaves room for the marker by which the workflow finds its comment again. */
const MAX_COMMENT = COMMENT_LENGTH - 200;

const readSettingsBefore = async ({ settings, settingsBefore, base }: ReviewFlags) => {
  if (settingsBefore !== undefined) return readSettings(settingsBefore);
  return base === undefined ? undefined : readYamlAtCommit(SETTINGS_FORMAT, base, settings ?? SETTINGS_FILE);
};

/** Reads the exemptions beside the settings: now, and at the commit or beside the settings before. */
const readExemptionChanges = async ({ settings = SETTINGS_FILE, settingsBefore, base }: ReviewFlags) => {
  const beside = (file: string) => join(dirname(file), EXEMPTIONS_FILE);
  const read = async (path: string) =>
    existsSync(path) ? (await readExemptionsFile(path)).value.exemptions : [];
  const after = await read(beside(settings));
  if (settingsBefore !== undefined) return { before: await read(beside(settingsBefore)), after };
  if (base === undefined) return { before: [], after };
  const before = await readYamlAtCommit(EXEMPTIONS_FORMAT, base, beside(settings));
  return { before: before?.exemptions ?? [], after };
};

const writeInFolder = async (path: string, text: string) => {
  await makeFolder(dirname(path));
  await writeFile(path, text);
};
