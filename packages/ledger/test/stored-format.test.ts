import { cp, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AuditEvent } from '@compliance/core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { collectChanges } from '../src/changes.ts';
import { folderLedger } from '../src/folder-ledger.ts';
import { summarise } from '../src/summarise.ts';

const STORED = join(import.meta.dirname, 'fixtures/ledger-1');

const expected = JSON.parse(
  await readFile(join(import.meta.dirname, 'fixtures/ledger-1.expected.json'), 'utf8'),
) as { readonly summary: object; readonly changes: object };

const filesIn = async (folder: string) =>
  (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ndjson')).toSorted();

const linesOf = async (folder: string, file: string) =>
  (await readFile(join(folder, file), 'utf8'))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as AuditEvent);

const written = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('a ledger of schema version 1', () => {
  let copy: string;
  beforeAll(async () => {
    copy = await mkdtemp(join(tmpdir(), 'ledger-'));
    await cp(STORED, copy, { recursive: true });
  });
  afterAll(() => rm(copy, { recursive: true }));

  const readAll = () => Array.fromAsync(folderLedger(STORED).read());

  test('a stored ledger has every type, decision and outcome of its schema', async () => {
    const kinds = (await readAll()).map((event) => {
      if (event.type === 'resource-evaluated')
        return `${event.type} ${event.trigger} ${event.complianceType}`;
      if (event.type === 'plan-decided') return `${event.type} ${event.decision}`;
      return 'outcome' in event ? `${event.type} ${event.outcome}` : event.type;
    });
    expect([...new Set(kinds)].toSorted()).toEqual([
      'change-undone failed',
      'change-undone refused',
      'change-undone undone',
      'evaluation-failed',
      'event-ignored',
      'plan-created',
      'plan-decided approved',
      'plan-decided rejected',
      'plan-decided superseded',
      'remediation-finished applied',
      'remediation-finished failed',
      'remediation-finished fixed',
      'remediation-finished human',
      'remediation-finished planned',
      'remediation-finished refused',
      'remediation-finished skipped',
      'resource-evaluated change NON_COMPLIANT',
      'resource-evaluated change NOT_APPLICABLE',
      'resource-evaluated oversized NON_COMPLIANT',
      'resource-evaluated schedule COMPLIANT',
      'resource-evaluated schedule NON_COMPLIANT',
      'resource-evaluated schedule NOT_APPLICABLE',
      'sweep-completed',
    ]);
  });

  test('a stored event is read with every member that was written', async () => {
    const lines = await Promise.all((await filesIn(STORED)).map((file) => linesOf(STORED, file)));
    const byId = Map.groupBy(lines.flat(), ({ id }) => id);
    const read = await readAll();
    expect(read.map(({ id }) => id).toSorted()).toEqual([...byId.keys()].toSorted());
    for (const event of read) expect(byId.get(event.id)).toContainEqual(written(event));
  });

  test('a stored ledger has the summary that it had', async () => {
    expect(written(await summarise(await readAll()))).toMatchObject(expected.summary);
  });

  test('a stored ledger has the changes that it had', async () => {
    const changes = await collectChanges(folderLedger(STORED).read());
    expect(written(Object.fromEntries(changes))).toEqual(expected.changes);
  });

  test('stored events that are appended again are read once more, as they are', async () => {
    const ledger = folderLedger(copy);
    const stored = await readAll();
    for (const file of await filesIn(STORED)) await ledger.append(await linesOf(STORED, file));
    const ids = (await Array.fromAsync(ledger.read())).map(({ id }) => id);
    expect(ids.toSorted()).toEqual(stored.map(({ id }) => id).toSorted());
  });
});
