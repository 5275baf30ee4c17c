import { S3Client, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';

import { call, change, edit, undoCall } from '../../src/rule/change.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { compliant, nonCompliant } from '../../src/rule/verdict.ts';
import type { AuditEvent } from '../../src/audit/audit-event.ts';
import { openJournal, readChange, type StepIntent, type JournalHeader } from '../../src/state/journal.ts';
import type { Table } from '../../src/state/table.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';
import { fakePasswordPolicy } from '../fake-password-policy.ts';
import { journalHeader } from '../journal-header.ts';
import { createInterrupter } from '../interrupt-run.ts';
import { JO, NOON, days, openDoors } from '../open-doors.ts';
import { enable, ruleUndoing, setVersioning } from '../start-change.ts';

const CHANGE = 'change-0123456789abcdef';
const CALL = 's3:PutBucketVersioning';
const OPEN = 'open#111122223333#eu-west-1#EXAMPLE_KEEP_VERSIONS';

/** The bucket `logs`, fixed by approval. */
const fixed = async (options: Parameters<typeof openDoors>[0] = {}) => {
  const doors = openDoors(options);
  const { changeId = '' } = await doors.ask('apply', await doors.approve());
  const { length } = doors.writes();
  return { ...doors, changeId, writesSince: () => doors.writes().slice(length) };
};

/** Stores the journal of an interrupted run: these intents, the last without an outcome. */
const storeInterrupted = async (
  table: Table,
  intents: readonly StepIntent[],
  over: Partial<JournalHeader> = {},
) => {
  const journal = await openJournal(table, journalHeader({ changeId: CHANGE, ...over }));
  for (const [index, intent] of intents.entries()) {
    await journal.recordIntent(index, intent);
    if (index < intents.length - 1)
      await journal.recordOutcome(index, {
        type: 'done',
        ...(intent.type === 'call' && intent.undo && { undo: intent.undo }),
      });
  }
};

const intentOf = (bucket: string): StepIntent => ({
  type: 'call',
  operation: CALL,
  input: setVersioning(bucket, 'Enabled'),
  undo: { operation: CALL, input: setVersioning(bucket, 'Suspended'), alreadyDone: [] },
});

const statusOf = async (table: Table, changeId: string) =>
  (await readChange(table, changeId))?.journal.header.status;

describe('undo', () => {
  test('an undo reverts the change, verifies it and publishes the person', async () => {
    const { ask, changeId, s3, published, opened, table } = await fixed();
    await expect(ask('undo', changeId, { executionId: 'operator-9' })).resolves.toEqual({
      status: 'undone',
      reason: 'Turn versioning on for logs',
      changeId,
    });
    expect(s3.versioning.get('logs')).toBe('Suspended');
    expect(published('change-undone')).toMatchObject([
      {
        changeId,
        actor: JO,
        outcome: 'undone',
        executionId: 'operator-9',
        command: 'EXAMPLE_KEEP_VERSIONS',
        severity: 'medium',
        accountId: '111122223333',
        region: 'eu-west-1',
        resource: { resourceId: 'logs' },
        factsBefore: { status: 'Enabled' },
        factsAfter: { status: 'Suspended' },
      },
    ]);
    await expect(statusOf(table, changeId)).resolves.toBe('undone');
    expect(opened.at(-1)).toMatchObject({
      sessionName: 'EXAMPLE_KEEP_VERSIONS+operator-9',
      partition: 'aws',
    });
  });

  test('an undo opens a session with the grants of the undo, not of the fix', async () => {
    const permissions = {
      ...exampleRule.permissions,
      fix: ['s3:PutBucketVersioning', 's3:PutBucketTagging'],
    };
    const { ask, changeId, opened } = await fixed({ rule: { ...exampleRule, permissions } });
    await ask('undo', changeId);
    expect(opened.at(-1)?.grants).not.toContain('s3:PutBucketTagging');
    expect(opened.at(-1)?.grants).toContain('s3:PutBucketVersioning');
  });

  test('an undo works while the stop switch is on', async () => {
    const { ask, changeId, state, s3 } = await fixed();
    state.stopped = true;
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(s3.versioning.get('logs')).toBe('Suspended');
  });

  test.each(['off', 'observe', 'plan'])('an undo works in mode %s', async (mode) => {
    const { ask, changeId, state } = await fixed();
    state.mode = mode;
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
  });

  test('an undo of an unknown change is refused', async () => {
    await expect(openDoors().ask('undo', CHANGE)).resolves.toEqual({
      status: 'refused',
      reason: `Unknown change ${CHANGE}. 'compliance changes list' shows recent changes.`,
    });
  });

  test('a second undo is refused', async () => {
    const { ask, changeId, writesSince } = await fixed();
    await ask('undo', changeId);
    await expect(ask('undo', changeId)).resolves.toEqual({
      status: 'refused',
      reason: `${changeId} is already undone.`,
    });
    expect(writesSince()).toHaveLength(1);
  });

  test('an undo by the id of a plan is refused', async () => {
    const { ask, approve } = openDoors();
    const planId = await approve();
    await ask('apply', planId);
    await expect(ask('undo', planId)).resolves.toMatchObject({ status: 'refused' });
  });
});

describe('a resource that was modified since', () => {
  test('an undo is refused with the difference when the facts changed, and calls nothing', async () => {
    const { ask, changeId, s3, published, table, writesSince } = await fixed({
      buckets: { logs: 'Suspended' },
    });
    s3.versioning.set('logs', 'Off');
    await expect(ask('undo', changeId)).resolves.toEqual({
      status: 'refused',
      reason: `Not undone: the resource was modified after ${changeId}: status: "Enabled" → "Off"`,
      changeId,
    });
    expect(writesSince()).toEqual([]);
    expect(published('change-undone')).toMatchObject([{ outcome: 'refused', actor: JO }]);
    await expect(statusOf(table, changeId)).resolves.toBe('applied');
  });

  test('an undo is refused when the resource is gone', async () => {
    const { ask, changeId, s3, writesSince } = await fixed();
    s3.versioning.delete('logs');
    await expect(ask('undo', changeId)).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('→ null') as string,
    });
    expect(writesSince()).toEqual([]);
  });

  test('an undo is refused when an edited path changed, and the document stays as it is', async () => {
    const policy = fakePasswordPolicy({ status: 'Off', length: 8 });
    const { ask, changeId, published } = await fixed({ rule: ruleOf(policy) });
    policy.state.content = { status: 'Suspended', length: 8 };
    const { writes } = policy.state;
    await expect(ask('undo', changeId)).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('status') as string,
    });
    expect(policy.state).toEqual({ content: { status: 'Suspended', length: 8 }, writes });
    expect(published('change-undone')).toMatchObject([{ outcome: 'refused' }]);
  });

  test('an undo of an edit keeps changes of other paths', async () => {
    const policy = fakePasswordPolicy({ status: 'Off', length: 8 });
    const { ask, changeId } = await fixed({ rule: ruleOf(policy) });
    policy.state.content = { status: 'Enabled', length: 20 };
    await expect(ask('undo', changeId)).resolves.toMatchObject({
      status: 'undone',
      reason: expect.stringContaining('Changes by others are kept: length: 8 → 20') as string,
    });
    expect(policy.state.content).toEqual({ status: 'Off', length: 20 });
  });
});

/** A rule whose fix edits this document, and whose facts are the whole document. */
const ruleOf = ({ state, document }: ReturnType<typeof fakePasswordPolicy>): Rule => ({
  ...exampleRule,
  observe: { ...exampleRule.observe, get: async () => ({ facts: state.content }) },
  judge: (facts) =>
    (facts as { status: string }).status === 'Enabled' ? compliant() : nonCompliant('The feature is off.'),
  fix: () =>
    change({
      description: 'Turn the feature on',
      risk: 'safe',
      steps: [edit(document, (content) => ({ ...(content as object), status: 'Enabled' }))],
    }),
  undo: { documents: [document] },
});

describe('the cooldown after an undo', () => {
  test('mode auto leaves an undone resource alone for the cooldown of the settings', async () => {
    const settings = { limits: { cooldownAfterUndoDays: 3 } };
    const { ask, changeId, remediate, state, s3 } = await fixed({ settings });
    await ask('undo', changeId);
    state.mode = 'auto';
    await expect(remediate(samplePayload({ executionId: 'e-2' }))).resolves.toMatchObject({
      status: 'planned',
      reason: expect.stringContaining(
        `${JO} undid ${changeId}. No automatic fix before ${days(3).toISOString()}`,
      ) as string,
    });
    expect(s3.versioning.get('logs')).toBe('Suspended');
    state.now = days(3);
    await expect(remediate(samplePayload({ executionId: 'e-3' }))).resolves.toMatchObject({
      status: 'fixed',
    });
  });

  test('a refused undo starts no cooldown', async () => {
    const { ask, changeId, remediate, state, s3 } = await fixed({ buckets: { logs: 'Suspended' } });
    s3.versioning.set('logs', 'Off');
    await ask('undo', changeId);
    state.mode = 'auto';
    await expect(remediate(samplePayload({ executionId: 'e-2' }))).resolves.toMatchObject({
      status: 'fixed',
    });
  });

  test('the cooldown starts before the first call of the undo', async () => {
    const table = memoryTable();
    const s3 = fakeBuckets({ logs: 'Off' });
    const cooldowns: number[] = [];
    const answer: FakeAnswer = {
      operation: 'PutBucketVersioning',
      answer: async () => {
        const rows = table.query('hold#111122223333#eu-west-1#EXAMPLE_KEEP_VERSIONS#logs');
        cooldowns.push((await Array.fromAsync(rows)).length);
        s3.versioning.set('logs', cooldowns.length === 1 ? 'Enabled' : 'Suspended');
        return {};
      },
    };
    const { ask, changeId } = await fixed({ dependencies: { table }, answers: [answer, ...s3.answers] });
    await ask('undo', changeId);
    expect(cooldowns).toEqual([0, 1]);
  });

  test('a person can approve the same fix again during the cooldown', async () => {
    const { ask, approve, changeId, s3 } = await fixed();
    await ask('undo', changeId);
    await expect(ask('apply', await approve())).resolves.toMatchObject({ status: 'fixed' });
    expect(s3.versioning.get('logs')).toBe('Enabled');
  });
});

describe('an unfinished change', () => {
  const both: Rule = {
    ...ruleUndoing(),
    fix: () => change({ description: 'Fix both', risk: 'safe', steps: [enable('logs'), enable('missing')] }),
  };

  test('a change that failed at a step is undone as far as it was done', async () => {
    const { ask, changeId, s3, table, writesSince } = await fixed({
      rule: both,
      buckets: { logs: 'Suspended' },
    });
    await expect(statusOf(table, changeId)).resolves.toBe('failed');
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(s3.versioning.get('logs')).toBe('Suspended');
    expect(writesSince()).toHaveLength(1);
  });

  test('an interrupted change is undone by the intents that were journalled before each call', async () => {
    const { ask, s3, table, writes, state } = openDoors({ buckets: { logs: 'Enabled', other: 'Suspended' } });
    state.now = days(1);
    await storeInterrupted(table, [intentOf('logs'), intentOf('other')], {
      factsBefore: { status: 'Suspended' },
    });
    await expect(ask('undo', CHANGE)).resolves.toMatchObject({ status: 'undone' });
    expect(writes().map(({ input }) => input)).toEqual([
      setVersioning('other', 'Suspended'),
      setVersioning('logs', 'Suspended'),
    ]);
    expect([...s3.versioning.values()]).toEqual(['Suspended', 'Suspended']);
  });

  test('an interrupted change is not undone when its undo needs an answer that was lost', async () => {
    const { ask, table, session, published, state } = openDoors({ rule: ruleUndoing() });
    state.now = days(1);
    const create: StepIntent = { type: 'call', operation: 'sns:CreateTopic', input: { Name: 'alarm' } };
    await storeInterrupted(table, [intentOf('logs'), create]);
    await expect(ask('undo', CHANGE)).resolves.toEqual({
      status: 'refused',
      reason:
        'The run was interrupted at sns:CreateTopic {"Name":"alarm"}, and the journal does not say how to undo it. Check whether it was done, and undo it by hand.',
      changeId: CHANGE,
    });
    expect(session.sent.filter(({ operation }) => operation !== 'GetBucketVersioning')).toEqual([]);
    expect(published('change-undone')).toMatchObject([{ outcome: 'refused' }]);
  });

  test('a created resource is undone by the id in the answer', async () => {
    const deleted: unknown[] = [];
    const answers = [
      on(SNSClient, CreateTopicCommand, () => ({ TopicArn: 'arn:topic' })),
      on(SNSClient, DeleteTopicCommand, ({ TopicArn }) => {
        deleted.push(TopicArn);
        return {};
      }),
    ];
    const createTopic = call(
      SNSClient,
      CreateTopicCommand,
      { Name: 'alarm' },
      {
        undo: ({ TopicArn }) => undoCall(SNSClient, DeleteTopicCommand, { TopicArn }),
      },
    );
    const { permissions } = exampleRule;
    const rule: Rule = {
      ...ruleUndoing(),
      permissions: {
        ...permissions,
        fix: [...permissions.fix, 'sns:CreateTopic'],
        undo: [...permissions.undo, 'sns:DeleteTopic'],
      },
      fix: () => change({ description: 'Fix both', risk: 'safe', steps: [createTopic, enable('missing')] }),
    };
    const { ask, changeId } = await fixed({ rule, answers });
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(deleted).toEqual(['arn:topic']);
  });
});

describe('an unfinished undo', () => {
  const both: Rule = {
    ...ruleUndoing(),
    fix: () => change({ description: 'Fix both', risk: 'safe', steps: [enable('other'), enable('logs')] }),
  };
  /** Fails once to undo the step of the bucket `other`, which is the last to be undone. */
  const failOnce = (error: Error) => {
    let hasFailed = false;
    const versioning = new Map([
      ['logs', 'Suspended'],
      ['other', 'Suspended'],
    ]);
    const answer = on(S3Client, PutBucketVersioningCommand, ({ Bucket = '', VersioningConfiguration }) => {
      const status = VersioningConfiguration?.Status ?? 'Suspended';
      if (Bucket === 'other' && status === 'Suspended' && !hasFailed) {
        hasFailed = true;
        throw error;
      }
      versioning.set(Bucket, status);
      return {};
    });
    // Half-way the two buckets differ, and no facts were recorded for that.
    const observed: FakeAnswer = {
      operation: 'GetBucketVersioning',
      answer: () =>
        versioning.get('logs') === versioning.get('other') ? { Status: versioning.get('logs') } : {},
    };
    return { versioning, answers: [answer, observed] };
  };

  test('an undo that hits a transient fault is thrown, and the next request continues it', async () => {
    const { versioning, answers } = failOnce(awsError('SlowDown', 'slow', 503));
    const { ask, changeId, published, writesSince } = await fixed({ rule: both, answers });
    await expect(ask('undo', changeId)).rejects.toMatchObject({ name: 'SlowDown' });
    expect(published('change-undone')).toEqual([]);
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(Object.fromEntries(versioning)).toEqual({ logs: 'Suspended', other: 'Suspended' });
    expect(writesSince().map(({ input }) => 'Bucket' in input && input.Bucket)).toEqual([
      'logs',
      'other',
      'other',
    ]);
  });

  test('an undo that fails half-way is failed, and the next request continues it', async () => {
    const { versioning, answers } = failOnce(awsError('AccessDenied', 'not you', 403));
    const { ask, changeId, published } = await fixed({ rule: both, answers });
    await expect(ask('undo', changeId)).resolves.toMatchObject({
      status: 'failed',
      reason: 'AccessDenied: not you',
      changeId,
    });
    expect(published('change-undone')).toMatchObject([{ outcome: 'failed' }]);
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(versioning.get('other')).toBe('Suspended');
  });

  test('an undo that ended before it was published is published by the next run, though nobody asked again', async () => {
    const interrupter = createInterrupter();
    const events: AuditEvent[] = [];
    const publish = (batch: readonly AuditEvent[]) =>
      interrupter.effect('publish', () => void events.push(...batch));
    const doors = await fixed({ dependencies: { publish } });
    const undone = () => events.filter(({ type }) => type === 'change-undone');
    await interrupter.interruptAt('publish', { done: false }, () => doors.ask('undo', doors.changeId));
    expect(undone()).toEqual([]);
    // Lambda has certainly ended the run; the next run for the resource finds it, and so does a sweep.
    doors.state.now = new Date(NOON.getTime() + 15 * 60_000);
    await doors.remediate(samplePayload({ executionId: 'ssm-later' }));
    expect(undone()).toMatchObject([{ changeId: doors.changeId, outcome: 'undone', actor: JO }]);
    await expect(Array.fromAsync(doors.table.query(OPEN))).resolves.toEqual([]);
  });

  test('an undo that was interrupted after its call is found done', async () => {
    const { ask, changeId, s3, table } = await fixed();
    s3.versioning.set('logs', 'Suspended');
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    await expect(statusOf(table, changeId)).resolves.toBe('undone');
  });

  // It verifies the resource for five seconds.
  test('an undo without effect is failed, and names the difference', async () => {
    let isDeaf = false;
    const versioning = new Map<string, string>([['logs', 'Suspended']]);
    const answers = [
      on(S3Client, PutBucketVersioningCommand, ({ Bucket = '', VersioningConfiguration }) => {
        if (!isDeaf) versioning.set(Bucket, VersioningConfiguration?.Status ?? 'Suspended');
        return {};
      }),
      { operation: 'GetBucketVersioning', answer: () => ({ Status: versioning.get('logs') }) },
    ];
    const { ask, changeId, published } = await fixed({ answers });
    isDeaf = true;
    await expect(ask('undo', changeId)).resolves.toEqual({
      status: 'failed',
      reason: 'Undone, but not as before: status: "Suspended" → "Enabled"',
      changeId,
    });
    expect(published('change-undone')).toMatchObject([
      { outcome: 'failed', factsAfter: { status: 'Enabled' } },
    ]);
  });

  test('an undo is verified again when AWS answers with a stale state', async () => {
    let stale = 0;
    const buckets = { logs: 'Suspended' } as const;
    const doors = openDoors({ buckets });
    const observed = {
      operation: 'GetBucketVersioning',
      answer: () => ({ Status: stale-- > 0 ? 'Enabled' : doors.s3.versioning.get('logs') }),
    };
    const slow = openDoors({ answers: [observed, ...doors.s3.answers] });
    const { changeId = '' } = await slow.ask('apply', await slow.approve());
    // The read before the undo, and the first one after it.
    stale = 2;
    await expect(slow.ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
  });
});
