import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  StartConfigRulesEvaluationCommand,
  type StartConfigRulesEvaluationCommandInput,
} from '@aws-sdk/client-config-service';
import { describe, expect, test } from 'vitest';

import type { AuditEvent } from '../../src/audit/audit-event.ts';
import { transient } from '../../src/base/errors.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { readChange, type JournalHeader } from '../../src/state/journal.ts';
import { readPlan } from '../../src/state/plans.ts';
import type { Table, TableWrite } from '../../src/state/table.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { on } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { cutOff } from '../interrupt-run.ts';
import { fakeBuckets } from '../fake-buckets.ts';
import { JO, NOON, openDoors, type DoorOptions } from '../open-doors.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';

const OPEN = 'open#111122223333#eu-west-1#EXAMPLE_KEEP_VERSIONS';

const RULE = 'example-keep-versions-conformance-pack-q7m2kd9xz';

/** AWS Config as of as much as is asked: it has the rule, and notes whom it was told to judge again. */
const fakeConfig = () => {
  const asked: unknown[] = [];
  const answers = [
    on(ConfigServiceClient, DescribeConfigRulesCommand, () => ({
      ConfigRules: [{ ConfigRuleName: RULE, Source: { Owner: 'CUSTOM_LAMBDA' as const } }],
    })),
    on(
      ConfigServiceClient,
      StartConfigRulesEvaluationCommand,
      ({ ConfigRuleNames = [] }: StartConfigRulesEvaluationCommandInput) => {
        asked.push(...ConfigRuleNames);
        return {};
      },
    ),
  ];
  return { asked, answers };
};

/** Both doors of a function whose runs can be killed at any of their deeds. */
const killable = (options: DoorOptions = {}) => {
  const s3 = fakeBuckets({ logs: 'Off' });
  const cut = cutOff();
  const table = memoryTable();
  const events: AuditEvent[] = [];
  const doors = openDoors({
    mode: 'auto',
    ...options,
    answers: [...(options.answers ?? []), ...cut.answers(s3.answers)],
    dependencies: {
      table: cut.table(table),
      publish: (published) => cut.deed('publish', () => void events.push(...published)),
    },
  });
  const finished = () => events.filter((event) => event.type === 'remediation-finished');
  const run = () => doors.remediate(samplePayload());
  return { ...doors, ...cut, s3, table, events, finished, run };
};

const openChanges = (table: Table) => Array.fromAsync(table.query(OPEN));

const minutes = (count: number) => new Date(NOON.getTime() + count * 60_000);

/** The deeds of one fix: those before its change is noted, and then up to its answer. */
const DEEDS = Array.from({ length: 16 }, (_, index) => index + 1).flatMap((nth) => [
  { nth, done: false },
  { nth, done: true },
]);

describe('a run of the automation that is killed at its', () => {
  test.for(DEEDS)(
    'deed $nth (done: $done) is finished by the next try, told, and can be undone',
    async (at) => {
      const doors = killable();
      if (!(await doors.killAt(at.nth, at, doors.run))) return;
      await doors.run();
      const fixed = doors.finished().find(({ outcome }) => outcome === 'fixed');
      expect(doors.s3.versioning.get('logs')).toBe('Enabled');
      await expect(openChanges(doors.table)).resolves.toEqual([]);
      const { changeId = '' } = fixed ?? {};
      expect((await readChange(doors.table, changeId))?.journal.header).toMatchObject({
        status: 'applied',
        factsAfter: { status: 'Enabled' },
      });
      await expect(doors.ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
      expect(doors.s3.versioning.get('logs')).toBe('Suspended');
    },
  );

  test('the deeds are more than a fix has', async () => {
    const doors = killable();
    await expect(doors.killAt(DEEDS.length / 2, { done: true }, doors.run)).resolves.toBe(false);
  });
});

describe('a person’s apply that is killed at its', () => {
  test.for(DEEDS)('deed $nth (done: $done) comes to an end that is told, when asked again', async (at) => {
    const doors = killable({ mode: 'approve' });
    const planId = await doors.approve();
    if (!(await doors.killAt(at.nth, at, () => doors.ask('apply', planId)))) return;
    doors.state.now = minutes(15);
    const answer = await doors.ask('apply', planId);
    const record = await readPlan(doors.table, planId);
    expect(record).toMatchObject({ status: 'applied', decision: { by: JO } });
    const told = doors.finished().filter(({ changeId }) => changeId === record?.appliedByChange);
    const isFixed = doors.s3.versioning.get('logs') === 'Enabled';
    // What was called and never answered was not done, if the resource still violates.
    expect(told.map(({ outcome }) => outcome)).toContain(isFixed ? 'fixed' : 'failed');
    expect(told).toMatchObject(told.map(() => ({ by: JO, owner: 'team-prod', planId })));
    expect(['fixed', 'failed', 'refused']).toContain(answer.status);
    await expect(openChanges(doors.table)).resolves.toEqual([]);
    await expect(doors.ask('undo', record?.appliedByChange ?? '')).resolves.toMatchObject({
      status: 'undone',
    });
  });
});

/** AWS has done all, and nobody knows. */
const killedAfterCall = async (options: DoorOptions = {}) => {
  const doors = killable(options);
  await doors.killAt(CALL, { done: true }, doors.run);
  const [open] = await openChanges(doors.table);
  return { ...doors, changeId: open?.sk ?? '' };
};

const CALL = 'PutBucketVersioning';

describe('a change whose run was cut off after its last call', () => {
  test('was done, and is still said to be applying', async () => {
    const { s3, table, changeId, finished } = await killedAfterCall();
    expect(s3.versioning.get('logs')).toBe('Enabled');
    expect((await readChange(table, changeId))?.journal.header.status).toBe('applying');
    expect(finished()).toEqual([]);
  });

  test('of a rule that no change event wakes, is judged again by AWS Config at once', async () => {
    const { asked, answers } = fakeConfig();
    const rule: Rule = { ...exampleRule, triggers: ['schedule'] };
    const { run } = await killedAfterCall({ rule, answers });
    expect(asked).toEqual([]);
    await run();
    expect(asked).toEqual([RULE]);
  });

  test('is the answer to the next try, and told with what was done', async () => {
    const { run, changeId, finished } = await killedAfterCall();
    await expect(run()).resolves.toMatchObject({
      status: 'fixed',
      reason: 'Turn versioning on for logs; its run was cut off before it could say so.',
      changeId,
    });
    expect(finished()).toMatchObject([
      {
        outcome: 'fixed',
        changeId,
        executionId: 'execution-1',
        owner: 'team-prod',
        severity: 'medium',
        factsBefore: { status: 'Off' },
        factsAfter: { status: 'Enabled' },
        steps: [{ intent: { operation: 's3:PutBucketVersioning' }, outcome: { type: 'unknown' } }],
      },
    ]);
  });

  test('is left alone by another execution as long as its run may live', async () => {
    const { remediate, finished, state, changeId } = await killedAfterCall();
    const another = () => remediate(samplePayload({ executionId: 'execution-2' }));
    state.now = minutes(14);
    await expect(another()).resolves.toMatchObject({ status: 'skipped' });
    expect(finished()).toMatchObject([{ outcome: 'skipped' }]);
    state.now = minutes(15);
    await expect(another()).resolves.toMatchObject({ status: 'fixed', changeId });
  });

  test('is told as fixed without facts when the resource is gone by now', async () => {
    const { run, s3, finished } = await killedAfterCall();
    s3.versioning.delete('logs');
    await expect(run()).resolves.toMatchObject({ status: 'fixed' });
    expect(finished().at(-1)).not.toHaveProperty('factsAfter');
  });

  test('is told as failed when the resource violates again, and what is found is fixed', async () => {
    const { run, s3, finished, changeId, table } = await killedAfterCall();
    s3.versioning.set('logs', 'Suspended');
    await expect(run()).resolves.toMatchObject({ status: 'fixed' });
    expect(finished()).toMatchObject([
      {
        outcome: 'failed',
        changeId,
        reason: `Its run was cut off at step 1. 'compliance undo ${changeId}' takes back what was done.`,
      },
      { outcome: 'fixed' },
    ]);
    expect((await readChange(table, changeId))?.journal.header.status).toBe('failed');
    await expect(openChanges(table)).resolves.toEqual([]);
  });

  test('cannot be undone while its run may live, and can afterwards', async () => {
    const { ask, changeId, state, s3, told } = await killedAfterCall();
    await expect(ask('undo', changeId)).resolves.toEqual({
      status: 'refused',
      reason: `${changeId} may still be running; try again after ${minutes(15).toISOString()}.`,
    });
    expect(told('change-undone')).toEqual([]);
    state.now = minutes(15);
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(s3.versioning.get('logs')).toBe('Suspended');
  });

  test('marks the plan that was approved', async () => {
    const doors = killable({ mode: 'approve' });
    const planId = await doors.approve();
    await doors.killAt(CALL, { done: true }, doors.run);
    await expect(readPlan(doors.table, planId)).resolves.toMatchObject({ status: 'approved' });
    const { changeId } = await doors.run();
    await expect(readPlan(doors.table, planId)).resolves.toMatchObject({
      status: 'applied',
      successor: changeId,
    });
  });
});

describe('a person’s apply that was cut off', () => {
  const killedApply = async (at: string) => {
    const doors = killable({ mode: 'approve' });
    const planId = await doors.approve();
    await doors.killAt(at, { done: true }, () => doors.ask('apply', planId));
    return { ...doors, planId };
  };

  test('is not begun anew while its run may live', async () => {
    const { ask, planId, writes } = await killedApply(CALL);
    await expect(ask('apply', planId)).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining(`try again after ${minutes(15).toISOString()}`) as string,
    });
    expect(writes()).toHaveLength(1);
  });

  test('is the answer to who asks again later', async () => {
    const { ask, planId, state, writes } = await killedApply(CALL);
    state.now = minutes(15);
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed', planId });
    expect(writes()).toHaveLength(1);
  });

  test('before its first step leaves the approval as it was', async () => {
    const { ask, planId, state, writes } = await killedApply('put change');
    expect(writes()).toEqual([]);
    state.now = minutes(15);
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed', planId });
  });
});

describe('a table that is away for a moment', () => {
  const away = (isAway: (write: TableWrite, nth: number) => boolean) => {
    const table = memoryTable();
    let writes = 0;
    const put: Table['put'] = async (write) => {
      if (isAway(write, (writes += 1))) throw transient('not-begun', 'The table is out of reach.');
      return table.put(write);
    };
    return openDoors({ mode: 'auto', dependencies: { table: { ...table, put } } });
  };
  const isHeader = ({ data }: TableWrite, status: JournalHeader['status']) =>
    'status' in data && data.status === status;
  const once = (matches: (write: TableWrite) => boolean) => {
    let hasFailed = false;
    return (write: TableWrite) => {
      const fails = !hasFailed && matches(write);
      hasFailed ||= fails;
      return fails;
    };
  };
  const faults: [string, (write: TableWrite) => boolean][] = [
    ['the outcome of the step', ({ data }) => 'outcome' in data],
    ['the fix', ({ pk }) => pk.startsWith('fixes#')],
    ['the end of the change', (write) => isHeader(write, 'applied')],
  ];

  test.each(faults)('at %s costs no fix: the next try tells it', async (_, matches) => {
    const doors = away(once(matches));
    await expect(doors.remediate(samplePayload())).rejects.toMatchObject({ kind: 'transient' });
    expect(doors.s3.versioning.get('logs')).toBe('Enabled');
    await expect(doors.remediate(samplePayload())).resolves.toMatchObject({ status: 'fixed' });
    expect(doors.told('remediation-finished')).toMatchObject([{ outcome: 'fixed' }]);
    expect(doors.writes()).toHaveLength(1);
  });

  test('before the first call means no fix', async () => {
    const doors = away(({ pk }) => pk.startsWith('open#'));
    await expect(doors.remediate(samplePayload())).rejects.toMatchObject({ kind: 'transient' });
    expect(doors.writes()).toEqual([]);
  });
});

test('a run says when it will have ended, so that an undo need not wait longer', async () => {
  const doors = killable();
  const { remediate } = openDoors({
    mode: 'auto',
    dependencies: { table: doors.table, endsAt: minutes(5), publish: () => new Promise(() => {}) },
  });
  void remediate(samplePayload());
  await expect
    .poll(() => openChanges(doors.table))
    .toMatchObject([{ data: { endsAt: minutes(5).toISOString() } }]);
});
