import {
  ConfigServiceClient,
  DescribeConfigRulesCommand,
  StartConfigRulesEvaluationCommand,
  type StartConfigRulesEvaluationCommandInput,
} from '@aws-sdk/client-config-service';
import { describe, expect, test } from 'vitest';

import { transient } from '../../src/base/errors.ts';
import type { Rule } from '../../src/rule/rule.ts';
import type { AuditEvent } from '../../src/audit/audit-event.ts';
import { readChange, type JournalHeader } from '../../src/state/journal.ts';
import { readPlan } from '../../src/state/plans.ts';
import type { Table, TableWrite } from '../../src/state/table.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { on } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { fakeBuckets } from '../../src/testing/fake-buckets.ts';
import { createInterrupter } from '../interrupt-run.ts';
import { JO, NOON, openDoors, type DoorOptions } from '../open-doors.ts';

const OPEN = 'open#111122223333#eu-west-1#EXAMPLE_KEEP_VERSIONS';

const RULE = 'example-keep-versions-conformance-pack-q7m2kd9xz';

/** A fake of AWS Config that has the rule, and records which rules it was asked to evaluate again. */
const fakeConfig = () => {
  const reevaluated: unknown[] = [];
  const answers = [
    on(ConfigServiceClient, DescribeConfigRulesCommand, () => ({
      ConfigRules: [{ ConfigRuleName: RULE, Source: { Owner: 'CUSTOM_LAMBDA' as const } }],
    })),
    on(
      ConfigServiceClient,
      StartConfigRulesEvaluationCommand,
      ({ ConfigRuleNames = [] }: StartConfigRulesEvaluationCommandInput) => {
        reevaluated.push(...ConfigRuleNames);
        return {};
      },
    ),
  ];
  return { reevaluated, answers };
};

/** Both doors of a function whose runs can be interrupted at any of their effects. */
const openInterruptible = (options: DoorOptions = {}) => {
  const s3 = fakeBuckets({ logs: 'Off' });
  const interrupter = createInterrupter();
  const table = memoryTable();
  const events: AuditEvent[] = [];
  const doors = openDoors({
    mode: 'auto',
    ...options,
    answers: [...(options.answers ?? []), ...interrupter.answers(s3.answers)],
    dependencies: {
      table: interrupter.table(table),
      publish: (batch) => interrupter.effect('publish', () => void events.push(...batch)),
    },
  });
  const finished = () => events.filter((event) => event.type === 'remediation-finished');
  const run = () => doors.remediate(samplePayload());
  /** The automation's next try, after Lambda has certainly ended the run before it. */
  const retry = () => {
    doors.state.now = minutes(15);
    return run();
  };
  return { ...doors, ...interrupter, s3, table, events, finished, run, retry };
};

const openChanges = (table: Table) => Array.fromAsync(table.query(OPEN));

const minutes = (count: number) => new Date(NOON.getTime() + count * 60_000);

/** More effects than one fix has, each done or not when the run is interrupted. */
const EFFECTS = Array.from({ length: 20 }, (_, index) => index + 1).flatMap((nth) => [
  { nth, done: false },
  { nth, done: true },
]);

describe('an interrupted run of the automation', () => {
  test.for(EFFECTS)(
    'a run interrupted at effect $nth (done: $done) is finished by the retry and can be undone',
    async (at) => {
      const doors = openInterruptible();
      if (!(await doors.interruptAt(at.nth, at, doors.run))) return;
      await doors.retry();
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

  test('a fix has fewer effects than are interrupted', async () => {
    const doors = openInterruptible();
    await expect(doors.interruptAt(EFFECTS.length / 2, { done: true }, doors.run)).resolves.toBe(false);
  });
});

describe('an interrupted apply at each effect', () => {
  test.for(EFFECTS)(
    'an apply interrupted at effect $nth (done: $done) is finished and published by the same request',
    async (at) => {
      const doors = openInterruptible({ mode: 'approve' });
      const planId = await doors.approve();
      if (!(await doors.interruptAt(at.nth, at, () => doors.ask('apply', planId)))) return;
      doors.state.now = minutes(15);
      const answer = await doors.ask('apply', planId);
      const record = await readPlan(doors.table, planId);
      expect(record).toMatchObject({ status: 'applied', decision: { by: JO } });
      const results = doors.finished().filter(({ changeId }) => changeId === record?.appliedByChange);
      const isFixed = doors.s3.versioning.get('logs') === 'Enabled';
      // A call without an answer was not done, if the resource still violates.
      expect(results.map(({ outcome }) => outcome)).toContain(isFixed ? 'fixed' : 'failed');
      expect(results).toMatchObject(results.map(() => ({ actor: JO, owner: 'team-prod', planId })));
      expect(['fixed', 'failed', 'refused']).toContain(answer.status);
      await expect(openChanges(doors.table)).resolves.toEqual([]);
      await expect(doors.ask('undo', record?.appliedByChange ?? '')).resolves.toMatchObject({
        status: 'undone',
      });
    },
  );
});

/** After a run that was interrupted when AWS had done its last call. */
const interruptedAfterCall = async (options: DoorOptions = {}) => {
  const doors = openInterruptible(options);
  await doors.interruptAt(CALL, { done: true }, doors.run);
  const [open] = await openChanges(doors.table);
  return { ...doors, changeId: open?.sk ?? '' };
};

const CALL = 'PutBucketVersioning';

describe('a change interrupted after its last call', () => {
  test('a change interrupted after its last call is done, and still applying in its journal', async () => {
    const { s3, table, changeId, finished } = await interruptedAfterCall();
    expect(s3.versioning.get('logs')).toBe('Enabled');
    expect((await readChange(table, changeId))?.journal.header.status).toBe('applying');
    expect(finished()).toEqual([]);
  });

  test('an interrupted change of a rule without change events makes AWS Config evaluate again at once', async () => {
    const { reevaluated, answers } = fakeConfig();
    const rule: Rule = { ...exampleRule, triggers: ['schedule'] };
    const { retry } = await interruptedAfterCall({ rule, answers });
    expect(reevaluated).toEqual([]);
    await retry();
    expect(reevaluated).toEqual([RULE]);
  });

  test('an interrupted change is the answer to the retry, and published with its steps', async () => {
    const { retry, changeId, finished } = await interruptedAfterCall();
    await expect(retry()).resolves.toMatchObject({
      status: 'fixed',
      reason: 'Turn versioning on for logs; the run was interrupted, the fix was confirmed afterwards.',
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

  test('a second request of the same execution changes nothing while the first run may be alive', async () => {
    const { run, s3, finished, state, writes, table } = await interruptedAfterCall();
    s3.versioning.set('logs', 'Suspended');
    state.now = minutes(14);
    await expect(run()).rejects.toMatchObject({ kind: 'transient', code: 'still-applying' });
    expect(writes()).toHaveLength(1);
    expect(finished()).toEqual([]);
    await expect(openChanges(table)).resolves.toHaveLength(1);
  });

  test('an interrupted change is left alone by another execution while its run may be alive', async () => {
    const { remediate, finished, state, changeId } = await interruptedAfterCall();
    const another = () => remediate(samplePayload({ executionId: 'execution-2' }));
    state.now = minutes(14);
    await expect(another()).rejects.toMatchObject({ kind: 'transient', code: 'still-applying' });
    expect(finished()).toEqual([]);
    state.now = minutes(15);
    await expect(another()).resolves.toMatchObject({ status: 'fixed', changeId });
  });

  test('an interrupted change is published as fixed, without facts, when the resource is gone', async () => {
    const { retry, s3, finished } = await interruptedAfterCall();
    s3.versioning.delete('logs');
    await expect(retry()).resolves.toMatchObject({ status: 'fixed' });
    expect(finished().at(-1)).not.toHaveProperty('factsAfter');
  });

  test('an interrupted change is published as failed when the resource violates again, which is then fixed', async () => {
    const { retry, s3, finished, changeId, table } = await interruptedAfterCall();
    s3.versioning.set('logs', 'Suspended');
    await expect(retry()).resolves.toMatchObject({ status: 'fixed' });
    expect(finished()).toMatchObject([
      {
        outcome: 'failed',
        changeId,
        reason: `The run was interrupted at step 1. 'compliance undo ${changeId}' reverts what was done.`,
      },
      { outcome: 'fixed' },
    ]);
    expect((await readChange(table, changeId))?.journal.header.status).toBe('failed');
    await expect(openChanges(table)).resolves.toEqual([]);
  });

  test('an interrupted change can be undone only after its run has ended', async () => {
    const { ask, changeId, state, s3, published } = await interruptedAfterCall();
    await expect(ask('undo', changeId)).resolves.toEqual({
      status: 'refused',
      reason: `${changeId} may still be running. Try again after ${minutes(15).toISOString()}.`,
    });
    expect(published('change-undone')).toEqual([]);
    state.now = minutes(15);
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'undone' });
    expect(s3.versioning.get('logs')).toBe('Suspended');
  });

  test('an interrupted change marks its approved plan as applied', async () => {
    const doors = openInterruptible({ mode: 'approve' });
    const planId = await doors.approve();
    await doors.interruptAt(CALL, { done: true }, doors.run);
    await expect(readPlan(doors.table, planId)).resolves.toMatchObject({ status: 'approved' });
    const { changeId } = await doors.retry();
    await expect(readPlan(doors.table, planId)).resolves.toMatchObject({
      status: 'applied',
      appliedByChange: changeId,
    });
  });
});

describe('a person’s interrupted apply', () => {
  const interruptedApply = async (at: string) => {
    const doors = openInterruptible({ mode: 'approve' });
    const planId = await doors.approve();
    await doors.interruptAt(at, { done: true }, () => doors.ask('apply', planId));
    return { ...doors, planId };
  };

  test('an interrupted apply does not begin again while its run may be alive', async () => {
    const { ask, planId, writes } = await interruptedApply(CALL);
    await expect(ask('apply', planId)).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining(`Try again after ${minutes(15).toISOString()}`) as string,
    });
    expect(writes()).toHaveLength(1);
  });

  test('an interrupted apply is the answer to the same request later', async () => {
    const { ask, planId, state, writes } = await interruptedApply(CALL);
    state.now = minutes(15);
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed', planId });
    expect(writes()).toHaveLength(1);
  });

  test('an apply interrupted before its first step keeps the approval', async () => {
    const { ask, planId, state, writes } = await interruptedApply('put change');
    expect(writes()).toEqual([]);
    state.now = minutes(15);
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed', planId });
  });
});

describe('a table that is unavailable for a moment', () => {
  const openWithFaults = (isFault: (write: TableWrite, nth: number) => boolean) => {
    const table = memoryTable();
    let writes = 0;
    const put: Table['put'] = async (write) => {
      if (isFault(write, (writes += 1))) throw transient('not-begun', 'The table is unavailable.');
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

  test.each(faults)(
    'a fix is published by the retry when the table is unavailable for %s',
    async (_, matches) => {
      const doors = openWithFaults(once(matches));
      await expect(doors.remediate(samplePayload())).rejects.toMatchObject({ kind: 'transient' });
      expect(doors.s3.versioning.get('logs')).toBe('Enabled');
      await expect(doors.remediate(samplePayload())).resolves.toMatchObject({ status: 'fixed' });
      expect(doors.published('remediation-finished')).toMatchObject([{ outcome: 'fixed' }]);
      expect(doors.writes()).toHaveLength(1);
    },
  );

  test('a fix is not made when the table is unavailable before the first call', async () => {
    const doors = openWithFaults(({ pk }) => pk.startsWith('open#'));
    await expect(doors.remediate(samplePayload())).rejects.toMatchObject({ kind: 'transient' });
    expect(doors.writes()).toEqual([]);
  });
});

test('an open change records when its run ends, so that an undo waits no longer', async () => {
  const doors = openInterruptible();
  const { remediate } = openDoors({
    mode: 'auto',
    dependencies: { table: doors.table, endsAt: minutes(5), publish: () => new Promise(() => {}) },
  });
  void remediate(samplePayload());
  await expect
    .poll(() => openChanges(doors.table))
    .toMatchObject([{ data: { endsAt: minutes(5).toISOString() } }]);
});
