import { AccountId } from '@compliance/core';
import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';

import { createWriter } from '../src/commands/scan/organization/writer.ts';
import { scanTargets } from '../src/commands/scan/organization/scan-targets.ts';
import { temporaryFolder } from './temporary-folder.ts';

const IDS = ['111111111111', '222222222222', '333333333333'].map((id) => AccountId.parse(id));

const finding = (accountId: string) => ({
  accountId,
  region: 'eu-west-1',
  command: 'S3_ENABLE_VERSIONING',
  resourceType: 'AWS::S3::Bucket',
  resourceId: 'logs',
  complianceType: 'COMPLIANT' as const,
});

test.each(['ndjson', 'csv', 'json'] as const)(
  'as %s, the rows of the first account are on disk before the last account begins',
  async (format) => {
    const out = join(await temporaryFolder(), 'found');
    // The system writes in its own time, without waiting for more.
    const textWith = (part = '') =>
      vi.waitFor(async () => {
        const text = await readFile(out, 'utf8');
        if (!text.includes(part)) throw new Error(`${part} is not on disk.`);
        return text;
      });
    let whenLastBegins = '';
    const writer = await createWriter({ format, out, rules: [], now: new Date('2026-11-30T12:00:00Z') });
    await scanTargets({
      targets: IDS.map((id) => ({ active: true, account: { id, name: id, groups: [] } })),
      accountsAtOnce: 1,
      enter: async () => ({ credentials: async () => ({ accessKeyId: 'a', secretAccessKey: 'b' }) }),
      scan: async ({ account: { id } }, _, { onFindings }) => {
        if (id === IDS.at(-1)) whenLastBegins = await textWith(IDS.at(-2));
        await onFindings([finding(id)]);
        return { regions: [], disabledRegions: [], refusals: [], calls: {} };
      },
      onFindings: (_, findings) => writer.add(findings),
      onCalls: () => {},
      onUnreadable: async () => {},
      onOutcome: async () => {},
      probe: async () => undefined,
    });
    await writer.end('', {});
    const text = await readFile(out, 'utf8');
    expect(IDS.filter((id) => !text.includes(id))).toEqual([]);
    expect(IDS.filter((id) => !whenLastBegins.includes(id))).toEqual([IDS.at(-1)]);
  },
);

test('what is added is in the file: who asks then may note that it is complete', async () => {
  const out = join(await temporaryFolder(), 'found');
  const writer = await createWriter({
    format: 'ndjson',
    out,
    rules: [],
    now: new Date('2026-11-30T12:00:00Z'),
  });
  const lines = [];
  for (const id of IDS) {
    await writer.add([finding(id)]);
    lines.push(readFileSync(out, 'utf8').split('\n').length - 1);
  }
  expect(lines).toEqual([1, 2, 3]);
  await writer.end('', {});
});
