import { PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';

import { call, change, edit, undoCall, type Step } from '../../src/rule/change.ts';
import type { SharedDocument } from '../../src/rule/shared-document.ts';
import { openJournal } from '../../src/state/journal.ts';
import { runSteps } from '../../src/remediate/run-steps.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, fakeSession, on } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';
import { fakePasswordPolicy } from '../fake-password-policy.ts';
import { journalHeader } from '../journal-header.ts';
import { enable, ruleUndoing, setVersioning, startChange, stepLonger } from '../start-change.ts';

describe('calls', () => {
  test('each call’s intent is journalled before it, and its outcome with its undo after it', async () => {
    const buckets = fakeBuckets({ a: 'Off' });
    const seen: unknown[] = [];
    const { apply, entries } = await startChange([
      on(S3Client, PutBucketVersioningCommand, () => {
        void entries().then((found) => seen.push(...found));
        return {};
      }),
      ...buckets.answers,
    ]);
    const { steps, error } = await apply(enable('a'));
    const undo = {
      operation: 's3:PutBucketVersioning',
      input: setVersioning('a', 'Suspended'),
      alreadyDone: ['NoSuchBucket'],
    };
    // With the undo, where it is known already: the run may be interrupted before the outcome is written.
    const intent = {
      type: 'call',
      operation: 's3:PutBucketVersioning',
      input: setVersioning('a', 'Enabled'),
      undo,
    };
    expect(error).toBeUndefined();
    expect(seen).toEqual([{ index: 0, intent }]);
    await expect(entries()).resolves.toEqual([{ index: 0, intent, outcome: { type: 'done', undo } }]);
    expect(steps).toEqual([{ intent, outcome: { type: 'done', undo } }]);
  });

  test('a change stops at its first failure, and the steps before it stay journalled', async () => {
    const buckets = fakeBuckets({ a: 'Off', c: 'Off' });
    const { apply, entries, session } = await startChange(buckets.answers);
    const { steps, error } = await apply(enable('a'), enable('b'), enable('c'));
    expect(error).toMatchObject({ name: 'NoSuchBucket' });
    expect(steps.map(({ outcome }) => outcome.type)).toEqual(['done', 'failed']);
    expect((await entries()).map(({ outcome }) => outcome?.type)).toEqual(['done', 'failed']);
    expect(session.sent).toHaveLength(2);
  });

  test('an error that means there is nothing to do is not a failure, and leaves nothing to undo', async () => {
    const buckets = fakeBuckets({ b: 'Off' });
    const { apply, undo, session } = await startChange(buckets.answers);
    const { steps, error } = await apply(enable('a', { alreadyDone: ['NoSuchBucket'] }), enable('b'));
    expect(error).toBeUndefined();
    expect(steps.map(({ outcome }) => outcome.type)).toEqual(['already-done', 'done']);
    await undo(ruleUndoing());
    expect(session.sent.slice(2)).toEqual([
      { operation: 'PutBucketVersioning', input: setVersioning('b', 'Suspended') },
    ]);
  });

  test('a refusal in an answer is a failure, even with HTTP 200', async () => {
    const buckets = fakeBuckets({ a: 'Off' });
    const { apply } = await startChange(buckets.answers);
    const { error, steps } = await apply(enable('a', { refused: () => 'no such log group' }));
    expect(error).toMatchObject({ kind: 'permanent', code: 'refused' });
    expect(steps).toMatchObject([
      { outcome: { type: 'failed', error: expect.stringContaining('no such log group') as string } },
    ]);
  });

  test('an undo that depends on the answer is journalled as data', async () => {
    const { apply, entries, undo, session } = await startChange([
      on(SNSClient, CreateTopicCommand, () => ({ TopicArn: 'arn:topic' })),
      on(SNSClient, DeleteTopicCommand, () => ({})),
    ]);
    await apply(
      call(
        SNSClient,
        CreateTopicCommand,
        { Name: 'alarms' },
        { undo: ({ TopicArn }) => undoCall(SNSClient, DeleteTopicCommand, { TopicArn }) },
      ),
    );
    expect(await entries()).toMatchObject([
      { outcome: { undo: { operation: 'sns:DeleteTopic', input: { TopicArn: 'arn:topic' } } } },
    ]);
    await undo(ruleUndoing());
    expect(session.sent.at(-1)).toEqual({ operation: 'DeleteTopic', input: { TopicArn: 'arn:topic' } });
  });

  test('a step in another Region is applied and undone there', async () => {
    const regions: string[] = [];
    const inRegion = (name: string) => ({
      service: 's3',
      name,
      send: async (_: object, { region }: { region: string }) => void regions.push(region),
    });
    const put = inRegion('PutBucketVersioning');
    const { apply, undo } = await startChange();
    const undoing = { operation: put, input: {}, region: 'us-east-1', alreadyDone: [] };
    await apply({
      type: 'call',
      operation: put,
      input: {},
      region: 'us-east-1',
      undo: undoing,
      alreadyDone: [],
    });
    await undo({ ...exampleRule, undo: { operations: [put] } });
    expect(regions).toEqual(['us-east-1', 'us-east-1']);
  });
});

describe('edits', () => {
  test('an edit writes the live document with the change applied, and journals the difference', async () => {
    const { state, document } = fakePasswordPolicy({ MinimumPasswordLength: 8, MaxPasswordAge: 90 });
    const { apply, entries } = await startChange();
    await apply(stepLonger(document));
    expect(state.content).toEqual({ MinimumPasswordLength: 14, MaxPasswordAge: 90 });
    await expect(entries()).resolves.toEqual([
      {
        index: 0,
        intent: {
          type: 'edit',
          document: 'iam/password-policy',
          key: '',
          absent: false,
          difference: [{ path: ['MinimumPasswordLength'], before: 8, after: 14 }],
        },
        outcome: { type: 'done' },
      },
    ]);
  });

  test('an edit of a document that needs none writes nothing, and leaves nothing to undo', async () => {
    const { state, document } = fakePasswordPolicy({ MinimumPasswordLength: 14 });
    const { apply, undo } = await startChange();
    const { steps } = await apply(stepLonger(document));
    expect(steps.map(({ outcome }) => outcome.type)).toEqual(['already-done']);
    expect(state.writes).toBe(0);
    await expect(undo(ruleUndoing(document))).resolves.toEqual([]);
  });

  test('an edit of an absent document starts from AWS’s defaults, and its undo removes the document', async () => {
    const { state, document } = fakePasswordPolicy();
    const { apply, undo } = await startChange();
    await apply(stepLonger(document));
    expect(state.content).toEqual({ MinimumPasswordLength: 14, RequireNumbers: false });
    await undo(ruleUndoing(document));
    expect(state.content).toBeUndefined();
  });

  test('a document that was absent stays when somebody else has written to it since', async () => {
    const { state, document } = fakePasswordPolicy();
    const { apply, undo } = await startChange();
    await apply(stepLonger(document));
    state.content = { ...(state.content as object), RequireNumbers: true };
    await undo(ruleUndoing(document));
    expect(state.content).toEqual({ MinimumPasswordLength: 6, RequireNumbers: true });
  });

  test('two concurrent edits of a document keep each other’s changes', async () => {
    const { state, document } = fakePasswordPolicy({ MinimumPasswordLength: 8 });
    const slow: SharedDocument = {
      ...document,
      read: async (key, session) => {
        const content = await document.read(key, session);
        await new Promise((resolve) => setTimeout(resolve, 10));
        return content;
      },
    };
    const table = memoryTable();
    const session = fakeSession({ allow: [], answers: [] });
    const apply = async (changeId: string, step: Step) => {
      const journal = await openJournal(table, journalHeader({ changeId }));
      return runSteps(change({ description: 'x', risk: 'safe', steps: [step] }), {
        session,
        journal,
        table,
      });
    };
    const stepReuse = edit(slow, (policy) => ({ ...(policy as object), PasswordReusePrevention: 24 }));
    await Promise.all([apply('change-1', stepLonger(slow)), apply('change-2', stepReuse)]);
    expect(state.content).toEqual({ MinimumPasswordLength: 14, PasswordReusePrevention: 24 });
  });

  test('a failed write is journalled as failed', async () => {
    const { document } = fakePasswordPolicy({ MinimumPasswordLength: 8 });
    const { apply, entries } = await startChange();
    const write = () => Promise.reject(awsError('AccessDenied'));
    const { error } = await apply(stepLonger({ ...document, write }));
    expect(error).toMatchObject({ name: 'AccessDenied' });
    expect(await entries()).toMatchObject([{ outcome: { type: 'failed' } }]);
  });

  test('a step does not begin when its document cannot be read', async () => {
    const { document } = fakePasswordPolicy();
    const { apply, entries } = await startChange();
    const read = () => Promise.reject(awsError('ThrottlingException'));
    const { steps, error } = await apply(stepLonger({ ...document, read }));
    expect(steps).toEqual([]);
    expect(error).toMatchObject({ name: 'ThrottlingException' });
    await expect(entries()).resolves.toEqual([]);
  });
});
