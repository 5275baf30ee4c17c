import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { Exemptions, Settings } from '@compliance/core';
import { loadAllRules } from '@compliance/registry';
import { COMMENT_LENGTH, review, shorten } from '@compliance/deployment-checks';

import { EXEMPTIONS_FILE, readExemptionsFile } from '../../input/read-exemptions.ts';
import { SETTINGS_FILE, readSettings, readSettingsOrThrow } from '../../input/read-settings.ts';
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

export const runReview = async (path: string, flags: ReviewFlags): Promise<number> => {
  const plan = await readTerraformPlan(path);
  const { text, json, exitCode } = review({
    plan,
    rules: await loadAllRules(),
    settings: await readSettingsOrThrow(flags.settings),
    settingsBefore: await settingsOfBefore(flags),
    exemptions: flags.base === undefined ? undefined : await exemptionsSince(flags.base, flags.settings),
  });
  if (flags.out !== undefined) await writeInFolder(flags.out, text);
  if (flags.comment !== undefined) await writeInFolder(flags.comment, shorten(text, COMMENT_ROOM));
  process.stdout.write(flags.json ? `${JSON.stringify(json, null, 2)}\n` : text);
  return exitCode;
};

/** Whoever posts it adds a mark by which it is found again. */
const COMMENT_ROOM = COMMENT_LENGTH - 200;

const settingsOfBefore = async ({ settings, settingsBefore, base }: ReviewFlags) => {
  if (settingsBefore !== undefined) return readSettings(settingsBefore);
  return base === undefined ? undefined : readYamlAtCommit(Settings, base, settings ?? SETTINGS_FILE);
};

/** Beside the settings, as make publishes them. */
const exemptionsSince = async (base: string, settings = SETTINGS_FILE) => {
  const path = join(dirname(settings), EXEMPTIONS_FILE);
  const before = await readYamlAtCommit(Exemptions, base, path);
  const after = existsSync(path) ? await readExemptionsFile(path) : undefined;
  return { before: before?.exemptions ?? [], after: after?.value.exemptions ?? [] };
};

const writeInFolder = async (path: string, text: string) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
};
