import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { parseExemptions } from '@compliance/core';
import { settingsBucket, settingsProblems } from '@compliance/infra';
import { loadAllRules } from '@compliance/registry';
import { EXEMPTIONS_KEY, SETTINGS_KEY } from '@compliance/runtime';
import { parse } from 'yaml';

import type { Where } from './where.ts';

/**
 * Gives both functions the settings, and the exemptions that lie beside them. They take effect within a minute.
 * @throws {Error} with every problem, before anything is changed
 */
export const publishSettings = async (where: Where): Promise<void> => {
  const { settings, settingsPath, say } = where;
  const problems = settingsProblems(settings, await loadAllRules());
  if (problems.length > 0) throw new Error(problems.join('\n'));
  const path = join(dirname(settingsPath), 'exemptions.yaml');
  const exemptions = existsSync(path) ? parseExemptions(parse(await readFile(path, 'utf8'))) : [];
  const { masterAccountId: accountId, homeRegion } = settings.organization;
  const s3 = await where.client(S3Client, { accountId, region: homeRegion });
  const put = (Key: string, content: object) =>
    s3.send(
      new PutObjectCommand({
        Bucket: settingsBucket(accountId),
        Key,
        Body: JSON.stringify(content),
        ContentType: 'application/json',
      }),
    );
  await put(SETTINGS_KEY, settings);
  await put(EXEMPTIONS_KEY, { exemptions });
  say(`Published settings of ${settings.accounts.length} accounts and ${exemptions.length} exemptions.`);
};
