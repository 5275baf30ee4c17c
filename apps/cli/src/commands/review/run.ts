import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { loadAllRules } from '@compliance/registry';
import { COMMENT_LENGTH, review, shorten } from '@compliance/deployment-checks';

import { EXEMPTIONS_FORMAT, EXEMPTIONS_FILE, readExemptionsFile } from '../../input/read-exemptions.ts';
import { SETTINGS_FORMAT, SETTINGS_FILE, readSettings, readSettingsFile } from '../../input/read-settings.ts';
import { readTerraformPlan } from '../../input/read-terraform-plan.ts';
import { readYamlAtCommit } from '../../input/read-yaml-at-commit.ts';

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
    exemptions: flags.base === undefined ? undefined : await readExemptionChanges(flags.base, flags.settings),
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

/** Reads the exemptions beside the settings, at the commit and now. */
const readExemptionChanges = async (base: string, settings = SETTINGS_FILE) => {
  const path = join(dirname(settings), EXEMPTIONS_FILE);
  const before = await readYamlAtCommit(EXEMPTIONS_FORMAT, base, path);
  const after = existsSync(path) ? await readExemptionsFile(path) : undefined;
  return { before: before?.exemptions ?? [], after: after?.value.exemptions ?? [] };
};

const writeInFolder = async (path: string, text: string) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
};
