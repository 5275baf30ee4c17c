import { describe, expect, test } from 'vitest';

import { openJournal, readChange } from '../../src/state/journal.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { journalHeader } from '../journal-header.ts';

const intent = { type: 'call', operation: 's3:PutBucketVersioning', input: { Bucket: 'a' } } as const;
const open = async () => {
  const table = memoryTable();
  return { table, journal: await openJournal(table, journalHeader()) };
};

describe('a journal', () => {
  test('of a change nobody began is not there', async () => {
    await expect(readChange(memoryTable(), 'change-1')).resolves.toBeUndefined();
  });

  test('holds each intent before its outcome', async () => {
    const { table, journal } = await open();
    await journal.recordIntent(0, intent);
    expect((await readChange(table, 'change-1'))?.entries).toEqual([{ index: 0, intent }]);
    await journal.recordOutcome(0, { type: 'done' });
    expect((await readChange(table, 'change-1'))?.entries).toEqual([
      { index: 0, intent, outcome: { type: 'done' } },
    ]);
  });

  test('lists its steps in their order, the tenth after the second', async () => {
    const { table, journal } = await open();
    for (const index of [0, 1, 2, 10, 9]) await journal.recordIntent(index, intent);
    const entries = (await readChange(table, 'change-1'))?.entries ?? [];
    expect(entries.map(({ index }) => index)).toEqual([0, 1, 2, 9, 10]);
  });

  test('is closed with the facts afterwards', async () => {
    const { table, journal } = await open();
    await journal.close('applied', { factsAfter: { status: 'Enabled' } });
    expect((await readChange(table, 'change-1'))?.journal.header).toEqual({
      ...journalHeader(),
      status: 'applied',
      factsAfter: { status: 'Enabled' },
    });
  });

  test('that was read can be closed again, and keeps the facts', async () => {
    const { table, journal } = await open();
    await journal.close('applied', { factsAfter: { status: 'Enabled' } });
    const read = await readChange(table, 'change-1');
    await read?.journal.close('undone');
    expect((await readChange(table, 'change-1'))?.journal.header).toMatchObject({
      status: 'undone',
      factsAfter: { status: 'Enabled' },
    });
  });

  test('is begun once: a change that began is not begun again', async () => {
    const { table, journal } = await open();
    await journal.recordIntent(0, intent);
    await expect(openJournal(table, journalHeader())).rejects.toMatchObject({
      kind: 'permanent',
      code: 'change-exists',
    });
  });

  test('of a change that had no time to begin a step is begun again', async () => {
    const { table, journal } = await open();
    await journal.close('failed');
    const again = await openJournal(table, journalHeader());
    await again.recordIntent(0, intent);
    await again.close('applied');
    expect((await readChange(table, 'change-1'))?.journal.header.status).toBe('applied');
  });

  test('takes each step from one run only', async () => {
    const { table, journal } = await open();
    const other = await openJournal(table, journalHeader());
    await journal.recordIntent(0, intent);
    await expect(other.recordIntent(0, intent)).rejects.toMatchObject({ code: 'journal-conflict' });
  });
});
