import { describe, expect, test } from 'vitest';

import { openJournal, readChange, type JournalEntry, type JournalHeader } from '../../src/state/journal.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { undoActionFor, undoBlockedReason } from '../../src/operate/undo-action.ts';
import { journalHeader } from '../journal-header.ts';

const undo = { operation: 's3:PutBucketVersioning', input: { Status: 'Suspended' }, alreadyDone: [] };
const intent = { type: 'call', operation: 's3:PutBucketVersioning', input: { Status: 'Enabled' } } as const;
const call = (outcome?: JournalEntry['outcome'], known = {}): JournalEntry => ({
  index: 0,
  intent: { ...intent, ...known },
  ...(outcome && { outcome }),
});

describe('the way back of a step', () => {
  test('that was done is what its answer left', () => {
    const other = { ...undo, input: { Status: 'Off' } };
    expect(undoActionFor(call({ type: 'done', undo }, { undo: other }))).toEqual({
      type: 'call',
      call: undo,
    });
  });

  test('that a killed run may have done is what was known before', () => {
    expect(undoActionFor(call(undefined, { undo }))).toEqual({ type: 'call', call: undo });
  });

  test('that a killed run may have done is left to a person, where its answer would have told', () => {
    expect(undoActionFor(call())).toMatchObject({
      type: 'impossible',
      code: 'undo-unknown',
      reason: expect.stringContaining('look whether it was done') as string,
    });
  });

  test('without one says why', () => {
    expect(undoActionFor(call({ type: 'done', undo: { impossible: 'AWS forgets the key' } }))).toEqual({
      type: 'impossible',
      code: 'undo-impossible',
      reason: 's3:PutBucketVersioning cannot be undone: AWS forgets the key',
    });
  });

  test.for([
    [{ type: 'already-done' }, 'it was so before'],
    [{ type: 'failed', error: 'AccessDenied' }, 'it was not done'],
    [{ type: 'undone' }, 'it was taken back'],
  ] as const)('that is %o is nothing', ([outcome, reason]) => {
    expect(undoActionFor(call(outcome))).toEqual({ type: 'nothing', reason });
  });

  test('that edited a document is the inverse edit', () => {
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

describe('a change cannot be undone', () => {
  const now = new Date('2026-11-20T13:00:00Z');
  const why = async (header: Partial<JournalHeader>, ...steps: JournalEntry[]) => {
    const table = memoryTable();
    const journal = await openJournal(table, journalHeader(header));
    for (const [index, step] of steps.entries()) {
      await journal.recordIntent(index, step.intent);
      if (step.outcome) await journal.recordOutcome(index, step.outcome);
    }
    const recorded = await readChange(table, journal.header.changeId);
    return recorded && undoBlockedReason(recorded, now);
  };

  test.for<[string, Partial<JournalHeader>, JournalEntry[], string]>([
    ['twice', { status: 'undone' }, [call({ type: 'undone' })], 'It was undone before.'],
    [
      'while its run may be at it',
      { startedAt: '2026-11-20T12:55:00.000Z' },
      [call({ type: 'done', undo })],
      'change-1 may still be running; try again after 2026-11-20T13:10:00.000Z.',
    ],
    [
      'where one of its steps has no way back',
      { status: 'applied' },
      [call({ type: 'done', undo }), call({ type: 'done', undo: { impossible: 'It is gone.' } })],
      's3:PutBucketVersioning cannot be undone: It is gone.',
    ],
    [
      'where no step was done',
      { status: 'failed' },
      [call({ type: 'failed', error: 'AccessDenied' })],
      'There is nothing to take back.',
    ],
  ])('%s', async ([, header, steps, reason]) => {
    await expect(why(header, ...steps)).resolves.toBe(reason);
  });

  test('and can otherwise, also half-way and once a killed run is over', async () => {
    await expect(why({ status: 'applied' }, call({ type: 'done', undo }))).resolves.toBeUndefined();
    await expect(
      why({ status: 'failed' }, call({ type: 'done', undo }), call({ type: 'failed', error: 'no' })),
    ).resolves.toBeUndefined();
    await expect(why({ status: 'applying' }, call(undefined, { undo }))).resolves.toBeUndefined();
  });
});
