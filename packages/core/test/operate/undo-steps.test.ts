import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';

import type { Json } from '../../src/base/json.ts';
import { change, edit } from '../../src/rule/change.ts';
import { openJournal, readChange } from '../../src/state/journal.ts';
import { runSteps } from '../../src/remediate/run-steps.ts';
import { undoSteps } from '../../src/operate/undo-steps.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';
import { fakePasswordPolicy } from '../fake-password-policy.ts';
import { journalHeader } from '../journal-header.ts';
import { enable, ruleUndoing, startChange, stepLonger } from '../start-change.ts';

describe('calls', () => {
  test('steps are undone in reverse order, by their journal', async () => {
    const buckets = fakeBuckets({ a: 'Off', b: 'Off' });
    const { apply, undo, entries } = await startChange(buckets.answers);
    await apply(enable('a'), enable('b'));
    const undone = await undo(ruleUndoing());
    expect(undone.map(({ index }) => index)).toEqual([1, 0]);
    expect([...buckets.versioning.values()]).toEqual(['Suspended', 'Suspended']);
    expect((await entries()).map(({ outcome }) => outcome?.type)).toEqual(['undone', 'undone']);
  });

  test('an undo of a change that failed half-way reverts the steps that were done', async () => {
    const buckets = fakeBuckets({ a: 'Off' });
    const { apply, undo, entries } = await startChange(buckets.answers);
    await apply(enable('a'), enable('missing'));
    await undo(ruleUndoing());
    expect(buckets.versioning.get('a')).toBe('Suspended');
    expect((await entries()).map(({ outcome }) => outcome?.type)).toEqual(['undone', 'failed']);
  });

  test('a second undo reverts nothing', async () => {
    const buckets = fakeBuckets({ a: 'Off' });
    const { apply, undo, session } = await startChange(buckets.answers);
    await apply(enable('a'));
    await undo(ruleUndoing());
    await expect(undo(ruleUndoing())).resolves.toEqual([]);
    expect(session.sent).toHaveLength(2);
  });

  test('an undo that finds nothing to revert is done', async () => {
    const buckets = fakeBuckets({ a: 'Off' });
    const { apply, undo } = await startChange(buckets.answers);
    await apply(enable('a'));
    buckets.versioning.delete('a');
    await expect(undo(ruleUndoing())).resolves.toHaveLength(1);
  });

  test('an impossible undo is refused before any step is undone', async () => {
    const buckets = fakeBuckets({ a: 'Off', b: 'Off' });
    const { apply, undo, session } = await startChange(buckets.answers);
    await apply(enable('a', { undo: { impossible: 'AWS forgets the old state' } }), enable('b'));
    await expect(undo(ruleUndoing())).rejects.toMatchObject({
      code: 'undo-impossible',
      message: expect.stringContaining('AWS forgets the old state') as string,
    });
    expect(session.sent).toHaveLength(2);
  });

  test('an undeclared undo operation is refused before any step is undone', async () => {
    const buckets = fakeBuckets({ a: 'Off' });
    const { apply, undo, session } = await startChange(buckets.answers);
    await apply(enable('a'));
    await expect(undo({ ...exampleRule, undo: {} })).rejects.toMatchObject({ code: 'undo-undeclared' });
    expect(session.sent).toHaveLength(1);
  });

  test('an undo that failed half-way continues where it stopped', async () => {
    const buckets = fakeBuckets({ a: 'Off', b: 'Off' });
    let isBroken = true;
    const { apply, undo } = await startChange([
      on(S3Client, PutBucketVersioningCommand, ({ Bucket = '', VersioningConfiguration }) => {
        const Status = VersioningConfiguration?.Status ?? 'Enabled';
        if (isBroken && Bucket === 'a' && Status === 'Suspended') throw awsError('SlowDown', 'slow', 503);
        buckets.versioning.set(Bucket, Status);
        return {};
      }),
    ]);
    await apply(enable('a'), enable('b'));
    await expect(undo(ruleUndoing())).rejects.toMatchObject({ name: 'SlowDown' });
    isBroken = false;
    expect((await undo(ruleUndoing())).map(({ index }) => index)).toEqual([0]);
    expect([...buckets.versioning.values()]).toEqual(['Suspended', 'Suspended']);
  });
});

describe('edits', () => {
  test('an undo of an edit reverts its own change and keeps later changes by others', async () => {
    const { state, document } = fakePasswordPolicy({ MinimumPasswordLength: 8, MaxPasswordAge: 90 });
    const { apply, undo } = await startChange();
    await apply(stepLonger(document));
    state.content = { MinimumPasswordLength: 14, MaxPasswordAge: 30, RequireNumbers: true };
    await undo(ruleUndoing(document));
    expect(state.content).toEqual({ MinimumPasswordLength: 8, MaxPasswordAge: 30, RequireNumbers: true });
  });

  test('an undo of an edit that somebody modified since is refused before any step is undone', async () => {
    const buckets = fakeBuckets({ a: 'Off' });
    const { state, document } = fakePasswordPolicy({ MinimumPasswordLength: 8 });
    const { apply, undo, session } = await startChange(buckets.answers);
    await apply(stepLonger(document), enable('a'));
    state.content = { MinimumPasswordLength: 20 };
    await expect(undo(ruleUndoing(document))).rejects.toMatchObject({
      kind: 'permanent',
      code: 'undo-conflict',
      message: expect.stringContaining('MinimumPasswordLength') as string,
    });
    expect(session.sent).toHaveLength(1);
    expect(state.content).toEqual({ MinimumPasswordLength: 20 });
  });

  test('an undo of an edit that an interrupted run had reverted is done without a write', async () => {
    const { state, document } = fakePasswordPolicy({ MinimumPasswordLength: 8 });
    const { apply, undo, table } = await startChange();
    await apply(stepLonger(document));
    const before = (await readChange(table, 'change-1'))?.entries ?? [];
    await undo(ruleUndoing(document));
    const { writes } = state;
    const journal = (await readChange(table, 'change-1'))?.journal;
    if (!journal) throw new Error('change-1 is not in the table.');
    const session = fakeSession({ allow: [], answers: [] });
    await expect(undoSteps(ruleUndoing(document), before, { session, journal, table })).resolves.toHaveLength(
      1,
    );
    expect(state).toEqual({ content: { MinimumPasswordLength: 8 }, writes });
  });

  test('an undo removes an added statement from any position', async () => {
    const statement = (Sid: string): Json => ({ Sid, Effect: 'Deny' });
    const { state, document } = fakePasswordPolicy({ Statement: [statement('A')] });
    const { apply, undo } = await startChange();
    const add = edit(document, (policy) => ({
      Statement: [...(policy as { Statement: Json[] }).Statement, statement('Ours')],
    }));
    await apply(add);
    state.content = { Statement: [statement('New'), statement('Ours'), statement('Last')] };
    await undo(ruleUndoing(document));
    expect(state.content).toEqual({ Statement: [statement('New'), statement('Last')] });
  });

  test('an undo of an undeclared document is refused', async () => {
    const { document } = fakePasswordPolicy({ MinimumPasswordLength: 8 });
    const { apply, undo } = await startChange();
    await apply(stepLonger(document));
    await expect(undo(ruleUndoing())).rejects.toMatchObject({ code: 'undo-undeclared' });
  });
});

describe('two edits of an absent document', () => {
  /** Edits of one document, each in its own change. */
  const shared = () => {
    const { state, document } = fakePasswordPolicy();
    const table = memoryTable();
    const session = fakeSession({ allow: [], answers: [] });
    const apply = async (changeId: string, members: object) => {
      const journal = await openJournal(table, journalHeader({ changeId }));
      const step = edit(document, (content) => ({ ...(content as object), ...members }));
      await runSteps(change({ description: 'x', risk: 'safe', steps: [step] }), {
        session,
        journal,
        table,
      });
    };
    const undo = async (changeId: string) => {
      const stored = await readChange(table, changeId);
      if (!stored) throw new Error(`${changeId} is not in the table.`);
      await undoSteps(ruleUndoing(document), stored.entries, {
        session,
        journal: stored.journal,
        table,
      });
    };
    return { state, document, apply, undo };
  };
  const both = async () => {
    const documents = shared();
    await documents.apply('first', { MinimumPasswordLength: 14 });
    await documents.apply('second', { RequireNumbers: true });
    return documents;
  };

  test.each([[['first', 'second']], [['second', 'first']]])(
    'two undone edits leave no document, in the order %j',
    async (order) => {
      const { state, undo } = await both();
      for (const changeId of order) await undo(changeId);
      expect(state.content).toBeUndefined();
    },
  );

  test('three undone edits leave no document when the third began between two undos', async () => {
    const { state, apply, undo } = await both();
    await undo('first');
    await apply('third', { MaxPasswordAge: 90 });
    for (const changeId of ['second', 'third']) await undo(changeId);
    expect(state.content).toBeUndefined();
  });

  test('two undone edits leave what the owner wrote before the second', async () => {
    const { state, document, apply, undo } = shared();
    await apply('first', { MinimumPasswordLength: 14 });
    await undo('first');
    state.content = document.defaults;
    await apply('second', { RequireNumbers: true });
    await undo('second');
    expect(state.content).toEqual(document.defaults);
  });

  test('two undone edits leave what the owner wrote between them', async () => {
    const { state, apply, undo } = shared();
    await apply('first', { MinimumPasswordLength: 14 });
    state.content = { MinimumPasswordLength: 14, RequireNumbers: false, MaxPasswordAge: 90 };
    await apply('second', { RequireNumbers: true });
    for (const changeId of ['first', 'second']) await undo(changeId);
    expect(state.content).toEqual({ MinimumPasswordLength: 6, RequireNumbers: false, MaxPasswordAge: 90 });
  });
});
