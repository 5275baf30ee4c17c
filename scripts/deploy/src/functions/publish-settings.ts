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
 * Gives both functions the settings, and the exemptions that lie beside them. They take effect within a minute.
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
      Body: serialize(withFormerNames(settings), settingsPath, 'Say for groups what it says account by account'),
    },
    {
      Key: EXEMPTIONS_KEY,
      Body: serialize(
        { exemptions },
        path,
        'Take out those that have ended, and join those that a pattern covers',
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

/** As it is published; what the functions would not read would stop every fix. */
const serialize = (content: unknown, path: string, remedy: string): string => {
  const text = JSON.stringify(content);
  const bytes = Buffer.byteLength(text);
  if (bytes <= MAX_STORED_BYTES) return text;
  throw new Error(
    `${path} is ${bytes} bytes as it would be published; the functions read no more than ${MAX_STORED_BYTES}. ${remedy}.`,
  );
};
