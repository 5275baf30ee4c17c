import { describe, expect, test } from 'vitest';

import { auditEvent } from '../../src/audit/audit-event.ts';
import { openJournal, readChange, storedHeader } from '../../src/state/journal.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { journalHeader } from '../journal-header.ts';

const intent = { type: 'call', operation: 's3:PutBucketVersioning', input: { Bucket: 'a' } } as const;
const open = async () => {
  const table = memoryTable();
  return { table, journal: await openJournal(table, journalHeader()) };
};

test('the header of a journal is stored under the names of its row and read back as it was', async () => {
  const event = auditEvent(
    { type: 'event-ignored', reason: 'For the test.' },
    new Date('2026-11-20'),
    'request-1',
  );
  const header = journalHeader({ actorArn: 'arn:jo', pendingEvents: [event] });
  const { actorArn: _, pendingEvents: __, ...others } = header;
  expect(storedHeader(header)).toStrictEqual({ ...others, by: 'arn:jo', pendingEvents: [event] });
  const table = memoryTable();
  await openJournal(table, header);
  expect((await readChange(table, 'change-1'))?.row.data).toStrictEqual(header);
});

describe('a journal', () => {
  test('an unknown change has no journal', async () => {
    await expect(readChange(memoryTable(), 'change-1')).resolves.toBeUndefined();
  });

  test('a journal holds each intent before its outcome', async () => {
    const { table, journal } = await open();
    await journal.recordIntent(0, intent);
    expect((await readChange(table, 'change-1'))?.entries).toEqual([{ index: 0, intent }]);
    await journal.recordOutcome(0, { type: 'done' });
    expect((await readChange(table, 'change-1'))?.entries).toEqual([
      { index: 0, intent, outcome: { type: 'done' } },
    ]);
  });

  test('a journal lists its steps in order, the tenth after the second', async () => {
    const { table, journal } = await open();
    for (const index of [0, 1, 2, 10, 9]) await journal.recordIntent(index, intent);
    const entries = (await readChange(table, 'change-1'))?.entries ?? [];
    expect(entries.map(({ index }) => index)).toEqual([0, 1, 2, 9, 10]);
  });

  test('a closed journal holds the facts after the change', async () => {
    const { table, journal } = await open();
    await journal.close('applied', { factsAfter: { status: 'Enabled' } });
    expect((await readChange(table, 'change-1'))?.journal.header).toEqual({
      ...journalHeader(),
      status: 'applied',
      factsAfter: { status: 'Enabled' },
    });
  });

  test('a journal that was read can be closed again, and keeps the facts', async () => {
    const { table, journal } = await open();
    await journal.close('applied', { factsAfter: { status: 'Enabled' } });
    const read = await readChange(table, 'change-1');
    await read?.journal.close('undone');
    expect((await readChange(table, 'change-1'))?.journal.header).toMatchObject({
      status: 'undone',
      factsAfter: { status: 'Enabled' },
    });
  });

  test('a change that began a step does not begin again', async () => {
    const { table, journal } = await open();
    await journal.recordIntent(0, intent);
    await expect(openJournal(table, journalHeader())).rejects.toMatchObject({
      kind: 'permanent',
      code: 'change-exists',
    });
  });

  test('a change that began no step can begin again', async () => {
    const { table, journal } = await open();
    await journal.close('failed');
    const again = await openJournal(table, journalHeader());
    await again.recordIntent(0, intent);
    await again.close('applied');
    expect((await readChange(table, 'change-1'))?.journal.header.status).toBe('applied');
  });

  test('a step is begun by one run only', async () => {
    const { table, journal } = await open();
    const other = await openJournal(table, journalHeader());
    await journal.recordIntent(0, intent);
    await expect(other.recordIntent(0, intent)).rejects.toMatchObject({ code: 'journal-conflict' });
  });
});
