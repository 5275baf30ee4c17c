import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';

import { collectChanges } from '../../../packages/ledger/src/changes.ts';
import { folderLedger } from '../../../packages/ledger/src/folder-ledger.ts';
import { makeLedger } from '../ledger/make-ledger.ts';

test('the real reader reads a synthetic ledger as a whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const size = { changes: 40, verdicts: 1200, days: 3, accounts: 5 };
  const end = new Date('2026-11-29T00:00:00Z');
  await makeLedger(folder, size, end);

  const skipped: unknown[] = [];
  const onSkipped = (one: unknown) => void skipped.push(one);
  const events = await Array.fromAsync(folderLedger(folder).read({ onSkipped }));
  const count = (wanted: string) => events.filter(({ type }) => type === wanted).length;
  expect(skipped).toEqual([]);
  expect(count('resource-evaluated')).toBe(size.verdicts);
  expect(count('plan-created')).toBe(size.changes);
  expect(new Set(events.map(({ accountId }) => accountId)).size).toBe(size.accounts);
  const times = events.map(({ time }) => Date.parse(time));
  expect(Math.min(...times)).toBe(Date.parse('2026-11-26T00:00:00Z'));
  expect(Math.max(...times)).toBeLessThan(end.getTime());

  const changes = [...(await collectChanges(folderLedger(folder).read({ only: 'actions' }))).values()];
  expect(changes).toHaveLength(size.changes);
  expect(changes.filter(({ undone }) => undone !== undefined)).toHaveLength(2);
});
