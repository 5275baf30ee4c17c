import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parseExemptions, withFormerNames } from '@compliance/core';
import { settingsBucket, settingsProblems } from '@compliance/infra';
import { loadAllRules } from '@compliance/registry';
import { EXEMPTIONS_KEY, MAX_STORED_BYTES, SETTINGS_KEY } from '@compliance/runtime';
import { parse } from 'yaml';

import type { DeployContext } from '../context/deploy-context.ts';

/**
 * Publishes the settings and the exemptions beside them to both functions, which use them within a minute.
 * @throws {Error} with every problem, before anything is changed
 */
export const publishSettings = async (context: DeployContext): Promise<void> => {
  const { settings, settingsPath, say } = context;
  const problems = settingsProblems(settings, await loadAllRules());
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const path = join(dirname(settingsPath), 'exemptions.yaml');
  const exemptions = existsSync(path) ? parseExemptions(parse(await readFile(path, 'utf8'))) : [];
  const objects = [
    {
      Key: SETTINGS_KEY,
      Body: serialize(
        withFormerNames(settings),
        settingsPath,
        'Use groups instead of settings for each account',
      ),
    },
    {
      Key: EXEMPTIONS_KEY,
      Body: serialize(
        { exemptions },
        path,
        'Remove expired exemptions, and merge those that one pattern covers',
      ),
    },
  ];
  const { masterAccountId: accountId, homeRegion } = settings.organization;
  const s3 = await context.client(S3Client, { accountId, region: homeRegion });
  for (const object of objects)
    await s3.send(
      new PutObjectCommand({
        Bucket: settingsBucket(accountId),
        ...object,
        ContentType: 'application/json',
      }),
    );
  say(`Published settings of ${settings.accounts.length} accounts and ${exemptions.length} exemptions.`);
};

/** Serializes an object. Refuses one that is too large for the functions, which would then fix nothing. */
const serialize = (content: unknown, path: string, remedy: string): string => {
  const text = JSON.stringify(content);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_STORED_BYTES) return text;
  throw new Error(
    `${path} is too large: ${bytes} bytes; the functions read no more than ${MAX_STORED_BYTES}. ${remedy}.`,
  );
};
