import { S3Client, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient } from '@aws-sdk/client-sns';
import { describe, expect, test } from 'vitest';

import { call, change, edit, undoCall } from '../../src/rule/change.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { openJournal, readChange, type StepIntent, type JournalHeader } from '../../src/state/journal.ts';
import type { Table } from '../../src/state/table.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, on, type FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { compliant, nonCompliant } from '../../src/rule/verdict.ts';
import { fakeBuckets } from '../fake-buckets.ts';
import { fakePasswordPolicy } from '../fake-password-policy.ts';
import { journalHeader } from '../journal-header.ts';
import { JO, days, openDoors } from '../open-doors.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { enable, ruleUndoing, setVersioning } from '../start-change.ts';

const CHANGE = 'change-0123456789abcdef';
const CALL = 's3:PutBucketVersioning';

/** The bucket `logs`, fixed by approval. */
const fixed = async (options: Parameters<typeof openDoors>[0] = {}) => {
  const doors = openDoors(options);
  const { changeId = '' } = await doors.ask('apply', await doors.approve());
  const { length } = doors.writes();
  return { ...doors, changeId, writesSince: () => doors.writes().slice(length) };
};

/** The journal that a killed run leaves: these intents, the last without an outcome. */
const killed = async (table: Table, intents: readonly StepIntent[], over: Partial<JournalHeader> = {}) => {
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

describe('to undo a change', () => {
  test('takes it back, verifies it and tells who did', async () => {
    const { ask, changeId, s3, told, opened, table } = await fixed();
    await expect(ask('undo', changeId, { executionId: 'operator-9' })).resolves.toEqual({
      status: 'undone',
      reason: 'Turn versioning on for logs',
      changeId,
    });
    expect(s3.versioning.get('logs')).toBe('Suspended');
    expect(told('change-undone')).toMatchObject([
      {
        changeId,
        by: JO,
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

  test('opens a session with the grants of the undo and not of the fix', async () => {
    const permissions = {
      ...exampleRule.permissions,
      fix: ['s3:PutBucketVersioning', 's3:PutBucketTagging'],
    };
    const { ask, changeId, opened } = await fixed({ rule: { ...exampleRule, permissions } });
    await ask('undo', changeId);
    expect(opened.at(-1)?.grants).not.toContain('s3:PutBucketTagging');
    expect(opened.at(-1)?.grants).toContain('s3:PutBucketVersioning');
  });

  test('works while the stop switch is on: that is what one reaches for then', async () => {
    const { ask, changeId, state, s3 } = await fixed();
    state.stopped = true;
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(s3.versioning.get('logs')).toBe('Suspended');
  });

  test.each(['off', 'observe', 'plan'])(
    'works in mode %s: the fix may be why it was lowered',
    async (mode) => {
      const { ask, changeId, state } = await fixed();
      state.mode = mode;
      await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    },
  );

  test('that nobody made is refused', async () => {
    await expect(openDoors().ask('undo', CHANGE)).resolves.toEqual({
      status: 'refused',
      reason: `There is no change ${CHANGE}.`,
    });
  });

  test('a second time is refused', async () => {
    const { ask, changeId, writesSince } = await fixed();
    await ask('undo', changeId);
    await expect(ask('undo', changeId)).resolves.toEqual({
      status: 'refused',
      reason: `${changeId} was undone before.`,
    });
    expect(writesSince()).toHaveLength(1);
  });

  test('by the id of its plan is refused: a plan is not a change', async () => {
    const { ask, approve } = openDoors();
    const planId = await approve();
    await ask('apply', planId);
    await expect(ask('undo', planId)).resolves.toMatchObject({ status: 'refused' });
  });
});

describe('what somebody changed since is not undone', () => {
  test('where the facts moved: the difference is told, and nothing is called', async () => {
    const { ask, changeId, s3, told, table, writesSince } = await fixed({ buckets: { logs: 'Suspended' } });
    s3.versioning.set('logs', 'Off');
    await expect(ask('undo', changeId)).resolves.toEqual({
      status: 'refused',
      reason: `Somebody changed what ${changeId} had touched, so it is not undone: status: "Enabled" → "Off"`,
      changeId,
    });
    expect(writesSince()).toEqual([]);
    expect(told('change-undone')).toMatchObject([{ outcome: 'refused', by: JO }]);
    await expect(statusOf(table, changeId)).resolves.toBe('applied');
  });

  test('where the resource is gone', async () => {
    const { ask, changeId, s3, writesSince } = await fixed();
    s3.versioning.delete('logs');
    await expect(ask('undo', changeId)).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('→ null') as string,
    });
    expect(writesSince()).toEqual([]);
  });

  test('where an edited place moved: the document stays as it is', async () => {
    const policy = fakePasswordPolicy({ status: 'Off', length: 8 });
    const { ask, changeId, told } = await fixed({ rule: ruleOf(policy) });
    policy.state.content = { status: 'Suspended', length: 8 };
    const { writes } = policy.state;
    await expect(ask('undo', changeId)).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining('status') as string,
    });
    expect(policy.state).toEqual({ content: { status: 'Suspended', length: 8 }, writes });
    expect(told('change-undone')).toMatchObject([{ outcome: 'refused' }]);
  });

  test('but an edit is, when only other places moved; they stand', async () => {
    const policy = fakePasswordPolicy({ status: 'Off', length: 8 });
    const { ask, changeId } = await fixed({ rule: ruleOf(policy) });
    policy.state.content = { status: 'Enabled', length: 20 };
    await expect(ask('undo', changeId)).resolves.toMatchObject({
      status: 'undone',
      reason: expect.stringContaining('What others changed stands: length: 8 → 20') as string,
    });
    expect(policy.state.content).toEqual({ status: 'Off', length: 20 });
  });
});

/** A rule whose fix is an edit of this document, and whose facts are all of it. */
const ruleOf = ({ state, document }: ReturnType<typeof fakePasswordPolicy>): Rule => ({
  ...exampleRule,
  observe: { ...exampleRule.observe, get: async () => ({ facts: state.content }) },
  judge: (facts) =>
    (facts as { status: string }).status === 'Enabled' ? compliant() : nonCompliant('It is not on.'),
  fix: () =>
    change({
      description: 'Turn it on',
      risk: 'safe',
      steps: [edit(document, (content) => ({ ...(content as object), status: 'Enabled' }))],
    }),
  undo: { documents: [document] },
});

describe('auto', () => {
  test('leaves an undone resource alone for as long as the settings say', async () => {
    const settings = { limits: { cooldownAfterUndoDays: 3 } };
    const { ask, changeId, remediate, state, s3 } = await fixed({ settings });
    await ask('undo', changeId);
    state.mode = 'auto';
    await expect(remediate(samplePayload({ executionId: 'e-2' }))).resolves.toMatchObject({
      status: 'planned',
      reason: expect.stringContaining(
        `${JO} undid ${changeId}; it is left alone until ${days(3).toISOString()}`,
      ) as string,
    });
    expect(s3.versioning.get('logs')).toBe('Suspended');
    state.now = days(3);
    await expect(remediate(samplePayload({ executionId: 'e-3' }))).resolves.toMatchObject({
      status: 'fixed',
    });
  });

  test('is not held where the undo was refused', async () => {
    const { ask, changeId, remediate, state, s3 } = await fixed({ buckets: { logs: 'Suspended' } });
    s3.versioning.set('logs', 'Off');
    await ask('undo', changeId);
    state.mode = 'auto';
    await expect(remediate(samplePayload({ executionId: 'e-2' }))).resolves.toMatchObject({
      status: 'fixed',
    });
  });

  test('leaves it alone from before the first call on: the undo raises a change event of its own', async () => {
    const table = memoryTable();
    const s3 = fakeBuckets({ logs: 'Off' });
    const held: number[] = [];
    const answer: FakeAnswer = {
      operation: 'PutBucketVersioning',
      answer: async () => {
        const rows = table.query('hold#111122223333#eu-west-1#EXAMPLE_KEEP_VERSIONS#logs');
        held.push((await Array.fromAsync(rows)).length);
        s3.versioning.set('logs', held.length === 1 ? 'Enabled' : 'Suspended');
        return {};
      },
    };
    const { ask, changeId } = await fixed({ dependencies: { table }, answers: [answer, ...s3.answers] });
    await ask('undo', changeId);
    expect(held).toEqual([0, 1]);
  });

  test('does not hold a person, who may approve the same fix again', async () => {
    const { ask, approve, changeId, s3 } = await fixed();
    await ask('undo', changeId);
    await expect(ask('apply', await approve())).resolves.toMatchObject({ status: 'fixed' });
    expect(s3.versioning.get('logs')).toBe('Enabled');
  });
});

describe('a change that did not come to its end', () => {
  const both: Rule = {
    ...ruleUndoing(),
    fix: () => change({ description: 'Mend', risk: 'safe', steps: [enable('logs'), enable('missing')] }),
  };

  test('because a step failed is undone as far as it came', async () => {
    const { ask, changeId, s3, table, writesSince } = await fixed({
      rule: both,
      buckets: { logs: 'Suspended' },
    });
    await expect(statusOf(table, changeId)).resolves.toBe('failed');
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(s3.versioning.get('logs')).toBe('Suspended');
    expect(writesSince()).toHaveLength(1);
  });

  test('because its run was killed is undone by what was noted before each call', async () => {
    const { ask, s3, table, writes, state } = openDoors({ buckets: { logs: 'Enabled', other: 'Suspended' } });
    state.now = days(1);
    await killed(table, [intentOf('logs'), intentOf('other')], { factsBefore: { status: 'Suspended' } });
    await expect(ask('undo', CHANGE)).resolves.toMatchObject({ status: 'undone' });
    expect(writes().map(({ input }) => input)).toEqual([
      setVersioning('other', 'Suspended'),
      setVersioning('logs', 'Suspended'),
    ]);
    expect([...s3.versioning.values()]).toEqual(['Suspended', 'Suspended']);
  });

  test('is not undone by guess where only the lost answer told what was made', async () => {
    const { ask, table, session, told, state } = openDoors({ rule: ruleUndoing() });
    state.now = days(1);
    const create: StepIntent = { type: 'call', operation: 'sns:CreateTopic', input: { Name: 'alarm' } };
    await killed(table, [intentOf('logs'), create]);
    await expect(ask('undo', CHANGE)).resolves.toEqual({
      status: 'refused',
      reason:
        'The run was killed around sns:CreateTopic {"Name":"alarm"}: look whether it was done, and undo it by hand.',
      changeId: CHANGE,
    });
    expect(session.sent.filter(({ operation }) => operation !== 'GetBucketVersioning')).toEqual([]);
    expect(told('change-undone')).toMatchObject([{ outcome: 'refused' }]);
  });

  test('is undone by the id of what was made, where the answer came', async () => {
    const deleted: unknown[] = [];
    const answers = [
      on(SNSClient, CreateTopicCommand, () => ({ TopicArn: 'arn:topic' })),
      on(SNSClient, DeleteTopicCommand, ({ TopicArn }) => {
        deleted.push(TopicArn);
        return {};
      }),
    ];
    const make = call(
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
      fix: () => change({ description: 'Mend', risk: 'safe', steps: [make, enable('missing')] }),
    };
    const { ask, changeId } = await fixed({ rule, answers });
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(deleted).toEqual(['arn:topic']);
  });
});

describe('an undo that does not come to its end', () => {
  const both: Rule = {
    ...ruleUndoing(),
    fix: () => change({ description: 'Mend', risk: 'safe', steps: [enable('other'), enable('logs')] }),
  };
  /** Fails once to take back what was done to the bucket `other`, which is the last to be taken back. */
  const failing = (error: Error) => {
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
    // Half-way the two differ, and the facts are what nobody recorded.
    const looked: FakeAnswer = {
      operation: 'GetBucketVersioning',
      answer: () =>
        versioning.get('logs') === versioning.get('other') ? { Status: versioning.get('logs') } : {},
    };
    return { versioning, answers: [answer, looked] };
  };

  test('for a moment is thrown, and goes on where it stopped when asked again', async () => {
    const { versioning, answers } = failing(awsError('SlowDown', 'slow', 503));
    const { ask, changeId, told, writesSince } = await fixed({ rule: both, answers });
    await expect(ask('undo', changeId)).rejects.toMatchObject({ name: 'SlowDown' });
    expect(told('change-undone')).toEqual([]);
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(Object.fromEntries(versioning)).toEqual({ logs: 'Suspended', other: 'Suspended' });
    expect(writesSince().map(({ input }) => 'Bucket' in input && input.Bucket)).toEqual([
      'logs',
      'other',
      'other',
    ]);
  });

  test('for good has failed, as something of it is done; it can be asked again', async () => {
    const { versioning, answers } = failing(awsError('AccessDenied', 'not you', 403));
    const { ask, changeId, told } = await fixed({ rule: both, answers });
    await expect(ask('undo', changeId)).resolves.toMatchObject({
      status: 'failed',
      reason: 'AccessDenied: not you',
      changeId,
    });
    expect(told('change-undone')).toMatchObject([{ outcome: 'failed' }]);
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(versioning.get('other')).toBe('Suspended');
  });

  test('because it was killed after its call is found done', async () => {
    const { ask, changeId, s3, table } = await fixed();
    s3.versioning.set('logs', 'Suspended');
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    await expect(statusOf(table, changeId)).resolves.toBe('undone');
  });

  // It looks at the resource for five seconds.
  test('with the facts as they were has failed, and tells what differs', async () => {
    let isDeaf = false;
    const versioning = new Map<string, string>([['logs', 'Suspended']]);
    const answers = [
      on(S3Client, PutBucketVersioningCommand, ({ Bucket = '', VersioningConfiguration }) => {
        if (!isDeaf) versioning.set(Bucket, VersioningConfiguration?.Status ?? 'Suspended');
        return {};
      }),
      { operation: 'GetBucketVersioning', answer: () => ({ Status: versioning.get('logs') }) },
    ];
    const { ask, changeId, told } = await fixed({ answers });
    isDeaf = true;
    await expect(ask('undo', changeId)).resolves.toEqual({
      status: 'failed',
      reason: 'Undone, but not as before: status: "Suspended" → "Enabled"',
      changeId,
    });
    expect(told('change-undone')).toMatchObject([{ outcome: 'failed', factsAfter: { status: 'Enabled' } }]);
  }, 15_000);

  test('at once, because AWS answers with the state before for a moment, is looked at again', async () => {
    let stale = 0;
    const buckets = { logs: 'Suspended' } as const;
    const doors = openDoors({ buckets });
    const looked = {
      operation: 'GetBucketVersioning',
      answer: () => ({ Status: stale-- > 0 ? 'Enabled' : doors.s3.versioning.get('logs') }),
    };
    const slow = openDoors({ answers: [looked, ...doors.s3.answers] });
    const { changeId = '' } = await slow.ask('apply', await slow.approve());
    // The look before the undo, and the first after it.
    stale = 2;
    await expect(slow.ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
  });
});
