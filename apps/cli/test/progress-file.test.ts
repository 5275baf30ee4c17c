import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { openProgress } from '../src/commands/scan/organization/progress-file.ts';
import type { ScanPlan } from '../src/commands/scan/organization/scan-target.ts';
import { UsageError } from '../src/output/exit-codes.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ACCOUNT = '111122223333';

const plan: ScanPlan = {
  commands: ['S3_ENABLE_VERSIONING'],
  requested: [],
  regions: [],
  homeRegion: 'eu-west-1',
  settings: undefined,
  managementAccountId: undefined,
  exemptions: [],
  now: new Date('2026-11-30T12:00:00Z'),
  readTags: true,
  rate: undefined,
  source: 'live',
};

const opened = (out: string, resume: boolean) =>
  openProgress({ format: 'ndjson', out, resume, plan, onKept: () => {} });

test('a scan is continued with the rows of the accounts that are complete', async () => {
  const out = join(await temporaryFolder(), 'found.ndjson');
  const first = await opened(out, false);
  await first?.complete(ACCOUNT);
  await writeFile(out, `{"accountId":"${ACCOUNT}","complianceType":"COMPLIANT"}\n{"accountId":"4445`);
  expect((await opened(out, true))?.completed).toEqual(new Set([ACCOUNT]));
});

test('a scan whose rows are gone is not continued, and the message says what to do', async () => {
  const out = join(await temporaryFolder(), 'found.ndjson');
  const first = await opened(out, false);
  await first?.complete(ACCOUNT);
  const continued = opened(out, true);
  await expect(continued).rejects.toThrow(UsageError);
  await expect(continued).rejects.toThrow(`Cannot continue ${out}. Leave out --resume to begin`);
});
