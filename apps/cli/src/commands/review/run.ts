import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import {
  Exemptions,
  Settings as SettingsSchema,
  createSession,
  explain,
  permanent,
  type AccountId,
  type Session,
  type Settings,
} from '@compliance/core';
import { loadAllRules } from '@compliance/registry';
import { COMMENT_LENGTH, preflight, review, shorten, type LiveAccess } from '@compliance/wiring';

import type { PreflightFlags, ReviewFlags } from './command.ts';
import { UsageError } from '../../output/exit-codes.ts';
import { readPlan } from '../../input/read-terraform-plan.ts';
import { EXEMPTIONS_FILE, readExemptionsFile } from '../../input/read-exemptions.ts';
import { SETTINGS_FILE, readSettings } from '../../input/read-settings.ts';
import { readYamlAt } from '../../input/read-yaml-at-commit.ts';

export const runPreflight = async ({
  plan,
  settings: path,
  json,
  ...flags
}: PreflightFlags): Promise<number> => {
  const settings = await requireSettings(path);
  const {
    text,
    json: data,
    exitCode,
  } = await preflight({
    rules: await loadAllRules(),
    settings,
    source:
      plan === undefined
        ? { type: 'live', access: liveAccess(settings, flags) }
        : { type: 'plan', plan: await readPlan(plan) },
  });
  process.stdout.write(json ? `${JSON.stringify(data, null, 2)}\n` : text);
  return exitCode;
};

export const runReview = async (path: string, flags: ReviewFlags): Promise<number> => {
  const plan = await readPlan(path);
  const { text, json, exitCode } = review({
    plan,
    rules: await loadAllRules(),
    settings: await requireSettings(flags.settings),
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
  return base === undefined ? undefined : readYamlAt(SettingsSchema, base, settings ?? SETTINGS_FILE);
};

/** Beside the settings, as make publishes them. */
const exemptionsSince = async (base: string, settings = SETTINGS_FILE) => {
  const path = join(dirname(settings), EXEMPTIONS_FILE);
  const before = await readYamlAt(Exemptions, base, path);
  const after = existsSync(path) ? await readExemptionsFile(path) : undefined;
  return { before: before?.exemptions ?? [], after: after?.value.exemptions ?? [] };
};

const writeInFolder = async (path: string, text: string) => {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
};

const requireSettings = async (path: string | undefined): Promise<Settings> => {
  const settings = await readSettings(path);
  if (settings) return settings;
  throw new UsageError(`There is no ./${SETTINGS_FILE}; name the file with --settings.`);
};

/** The master account with the ordinary credentials, each other account through a role of it. Nothing is written. */
const liveAccess = (
  { organization: { masterAccountId, externalId, homeRegion: region } }: Settings,
  { memberRole, profile }: Pick<PreflightFlags, 'memberRole' | 'profile'>,
): LiveAccess => {
  const sts = new STSClient({ region, ...(profile !== undefined && { profile }) });
  const master = createSession({ accountId: masterAccountId, region, credentials: sts.config.credentials });
  return {
    master,
    member: (accountId) =>
      accountId === masterAccountId ? master : enter(sts, { accountId, region, memberRole, externalId }),
  };
};

const enter = async (
  sts: STSClient,
  {
    accountId,
    region,
    memberRole,
    externalId: ExternalId,
  }: { accountId: AccountId; region: string; memberRole: string; externalId: string },
): Promise<Session> => {
  const RoleArn = `arn:aws:iam::${accountId}:role/${memberRole}`;
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'compliance-preflight', ExternalId }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    return createSession({ accountId, region, credentials });
  } catch (error) {
    throw permanent('role-not-assumed', `${RoleArn} could not be assumed: ${explain(error)}`, error);
  }
};
