import { describe, expect, test } from 'vitest';

import { openJournal, readChange, type JournalEntry, type JournalHeader } from '../../src/state/journal.ts';
import { undoActionFor, undoBlockedReason } from '../../src/operate/undo-action.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { journalHeader } from '../journal-header.ts';

const undo = { operation: 's3:PutBucketVersioning', input: { Status: 'Suspended' }, alreadyDone: [] };
const intent = { type: 'call', operation: 's3:PutBucketVersioning', input: { Status: 'Enabled' } } as const;
const call = (outcome?: JournalEntry['outcome'], known = {}): JournalEntry => ({
  index: 0,
  intent: { ...intent, ...known },
  ...(outcome && { outcome }),
});

describe('the undo action of a step', () => {
  test('a step that was done is undone by the call recorded with its outcome', () => {
    const other = { ...undo, input: { Status: 'Off' } };
    expect(undoActionFor(call({ type: 'done', undo }, { undo: other }))).toEqual({
      type: 'call',
      call: undo,
    });
  });

  test('a step that may have been done is undone by the call recorded with its intent', () => {
    expect(undoActionFor(call(undefined, { undo }))).toEqual({ type: 'call', call: undo });
  });

  test('a step that may have been done is left to a person when its undo needs the answer', () => {
    expect(undoActionFor(call())).toMatchObject({
      type: 'impossible',
      code: 'undo-unknown',
      reason: expect.stringContaining('Check whether it was done') as string,
    });
  });

  test('a step without an undo says why', () => {
    expect(undoActionFor(call({ type: 'done', undo: { impossible: 'AWS forgets the key' } }))).toEqual({
      type: 'impossible',
      code: 'undo-impossible',
      reason: 's3:PutBucketVersioning cannot be undone: AWS forgets the key',
    });
  });

  test.for([
    ['already-done', { type: 'already-done' }, 'it was already set'],
    ['failed', { type: 'failed', error: 'AccessDenied' }, 'it was not done'],
    ['undone', { type: 'undone' }, 'it is undone'],
  ] as const)('a step with the outcome %s needs no undo', ([, outcome, reason]) => {
    expect(undoActionFor(call(outcome))).toEqual({ type: 'nothing', reason });
  });

  test('an edit is undone by the inverse edit', () => {
    const edit = { type: 'edit', document: 'iam/password-policy', key: '', absent: false } as const;
    const path = ['MinimumPasswordLength'];
    const done = { type: 'done' } as const;
    expect(
      undoActionFor({
        index: 0,
        intent: { ...edit, difference: [{ path, before: 8, after: 14 }] },
        outcome: done,
      }),
    ).toEqual({ type: 'edit', edit: { ...edit, difference: [{ path, before: 14, after: 8 }] } });
  });
});

describe('a blocked undo', () => {
  const now = new Date('2026-11-20T13:00:00Z');
  const blockedReason = async (header: Partial<JournalHeader>, ...steps: JournalEntry[]) => {
    const table = memoryTable();
    const journal = await openJournal(table, journalHeader(header));
    for (const [index, step] of steps.entries()) {
      await journal.recordIntent(index, step.intent);
      if (step.outcome) await journal.recordOutcome(index, step.outcome);
    }
    const stored = await readChange(table, journal.header.changeId);
    return stored && undoBlockedReason(stored, now);
  };

  test.for<[string, Partial<JournalHeader>, JournalEntry[], string]>([
    ['an undone change', { status: 'undone' }, [call({ type: 'undone' })], 'The change is already undone.'],
    [
      'a change that may still be running',
      { startedAt: '2026-11-20T12:55:00.000Z' },
      [call({ type: 'done', undo })],
      'change-1 may still be running. Try again after 2026-11-20T13:10:00.000Z.',
    ],
    [
      'a change with a step that cannot be undone',
      { status: 'applied' },
      [call({ type: 'done', undo }), call({ type: 'done', undo: { impossible: 'It is gone.' } })],
      's3:PutBucketVersioning cannot be undone: It is gone.',
    ],
    [
      'a change without a step that was done',
      { status: 'failed' },
      [call({ type: 'failed', error: 'AccessDenied' })],
      'There is nothing to undo.',
    ],
  ])('%s cannot be undone', async ([, header, steps, reason]) => {
    await expect(blockedReason(header, ...steps)).resolves.toBe(reason);
  });

  test('any other change can be undone, even half-way and after an interrupted run', async () => {
    await expect(blockedReason({ status: 'applied' }, call({ type: 'done', undo }))).resolves.toBeUndefined();
    await expect(
      blockedReason(
        { status: 'failed' },
        call({ type: 'done', undo }),
        call({ type: 'failed', error: 'no' }),
      ),
    ).resolves.toBeUndefined();
    await expect(blockedReason({ status: 'applying' }, call(undefined, { undo }))).resolves.toBeUndefined();
  });
});
