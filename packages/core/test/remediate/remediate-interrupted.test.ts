import { describe, expect, test } from 'vitest';

import { change } from '../../src/rule/change.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { readChange } from '../../src/state/journal.ts';
import { readPlan } from '../../src/state/plans.ts';
import type { Table } from '../../src/state/table.ts';
import type { FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { NOON, days, openDoors, type DoorOptions } from '../open-doors.ts';
import { enable, ruleUndoing, setVersioning } from '../start-change.ts';

/** Fixes two buckets, `other` first. The facts show `logs` alone, so a second try finds the same plan. */
const fixBoth: Rule = {
  ...ruleUndoing(),
  fix: () => change({ description: 'Fix both', risk: 'safe', steps: [enable('other'), enable('logs')] }),
};

/** Answers that interrupt a run at its n-th write: AWS never answers it. */
const interruptAtWrite = (last: number) => {
  const interrupted = Promise.withResolvers<void>();
  let writes = 0;
  const versioning = new Map([
    ['logs', 'Suspended'],
    ['other', 'Suspended'],
  ]);
  const answers: FakeAnswer[] = [
    {
      operation: 'PutBucketVersioning',
      answer: (input) => {
        // All writes of these tests come from `enable` and its undo.
        const { Bucket, VersioningConfiguration } = input as ReturnType<typeof setVersioning>;
        writes += 1;
        if (writes === last) {
          interrupted.resolve();
          return new Promise(() => {});
        }
        versioning.set(Bucket, VersioningConfiguration.Status);
        return {};
      },
    },
    { operation: 'GetBucketVersioning', answer: () => ({ Status: versioning.get('logs') }) },
  ];
  return { answers, versioning, interrupted: interrupted.promise };
};

/** Both doors after a run of the automation `ssm-1` that was interrupted at its second write. */
const afterInterruption = async (options: DoorOptions & { readonly before?: 'approved' } = {}) => {
  const { answers, versioning, interrupted } = interruptAtWrite(2);
  const { table, changes } = tableWithChangeIds();
  const doors = openDoors({ mode: 'auto', rule: fixBoth, answers, dependencies: { table }, ...options });
  const planId = options.before === 'approved' ? await doors.approve() : undefined;
  void doors.remediate(samplePayload({ executionId: 'ssm-1' }));
  await interrupted;
  // Lambda has certainly ended the run.
  doors.state.now = new Date(NOON.getTime() + 15 * 60_000);
  const [first = ''] = changes;
  return { ...doors, versioning, planId, first };
};

/** A state table, and the ids of the changes written to it. */
const tableWithChangeIds = () => {
  const table = memoryTable();
  const changes = new Set<string>();
  const put: Table['put'] = (write) => {
    if (write.pk.startsWith('change#')) changes.add(write.pk.slice('change#'.length));
    return table.put(write);
  };
  return { table: { ...table, put }, changes };
};

const journalOf = async ({ table }: ReturnType<typeof openDoors>, changeId = '') => {
  const stored = await readChange(table, changeId);
  if (!stored) throw new Error(`${changeId} is not in the table.`);
  return {
    status: stored.journal.header.status,
    outcomes: stored.entries.map((one) => one.outcome?.type),
  };
};

describe('a run interrupted between two steps', () => {
  test('after an interrupted run, a retry of the same execution begins another change and finishes it', async () => {
    const doors = await afterInterruption();
    const answer = await doors.remediate(samplePayload({ executionId: 'ssm-1' }));
    expect(answer).toMatchObject({ status: 'fixed' });
    expect(Object.fromEntries(doors.versioning)).toEqual({ logs: 'Enabled', other: 'Enabled' });
    expect(answer.changeId).not.toBe(doors.first);
    await expect(journalOf(doors, answer.changeId)).resolves.toEqual({
      status: 'applied',
      outcomes: ['done', 'done'],
    });
  });

  test('a retry closes the journal of the interrupted run, which shows the steps that were done', async () => {
    const doors = await afterInterruption();
    await doors.remediate(samplePayload({ executionId: 'ssm-1' }));
    await expect(journalOf(doors, doors.first)).resolves.toEqual({
      status: 'failed',
      outcomes: ['done', undefined],
    });
  });

  test('a second retry finds nothing left to do', async () => {
    const doors = await afterInterruption();
    await doors.remediate(samplePayload({ executionId: 'ssm-1' }));
    const { length } = doors.writes();
    await expect(doors.remediate(samplePayload({ executionId: 'ssm-1' }))).resolves.toMatchObject({
      status: 'skipped',
    });
    expect(doors.writes()).toHaveLength(length);
  });

  test('after a run that failed, another execution fixes the resource', async () => {
    const doors = await afterInterruption();
    const another = () => doors.remediate(samplePayload({ executionId: 'ssm-2' }));
    await expect(another()).resolves.toMatchObject({ status: 'fixed' });
  });

  test('an interrupted change is undone by its id, including a step that may have been done', async () => {
    const doors = await afterInterruption();
    const undone = { status: 'undone', changeId: doors.first };
    doors.state.now = days(1);
    await expect(doors.ask('undo', doors.first)).resolves.toMatchObject(undone);
    expect(doors.writes().slice(-2)).toMatchObject([
      { input: setVersioning('logs', 'Suspended') },
      { input: setVersioning('other', 'Suspended') },
    ]);
  });
});

describe('mode approve', () => {
  test('an approved plan is applied by the automation and marked with its change', async () => {
    const doors = openDoors();
    const planId = await doors.approve();
    const answer = await doors.remediate(samplePayload({ executionId: 'ssm-1' }));
    expect(answer).toMatchObject({ status: 'fixed', planId });
    await expect(readPlan(doors.table, planId)).resolves.toMatchObject({
      status: 'applied',
      appliedByChange: answer.changeId,
    });
  });

  test('an approval outlives an interrupted run: the retry applies the approved plan', async () => {
    const doors = await afterInterruption({ mode: 'approve', before: 'approved' });
    await expect(readPlan(doors.table, doors.planId ?? '')).resolves.toMatchObject({ status: 'approved' });
    await expect(doors.remediate(samplePayload({ executionId: 'ssm-1' }))).resolves.toMatchObject({
      status: 'fixed',
      planId: doors.planId,
    });
  });

  test('a fix is published even when its plan was rejected while the fix ran', async () => {
    const doors = openDoors();
    const planId = await doors.approve();
    const { remediate } = openDoors({
      dependencies: {
        table: {
          ...doors.table,
          // After the approval was read, before the plan is marked.
          add: async (counter) => {
            const count = await doors.table.add(counter);
            if (counter.pk.startsWith('budget#')) await doors.ask('reject', planId);
            return count;
          },
        },
        publish: async (events) => void doors.events.push(...events),
      },
    });
    await expect(remediate(samplePayload({ executionId: 'ssm-1' }))).resolves.toMatchObject({
      status: 'fixed',
      reason: expect.stringContaining('the plan was not marked as applied') as string,
    });
    expect(doors.published('remediation-finished').at(-1)).toMatchObject({
      outcome: 'fixed',
      steps: [{ outcome: { type: 'done' } }],
    });
  });
});

test('a person’s interrupted apply leaves the id of its change in the plan', async () => {
  const { answers, interrupted, versioning } = interruptAtWrite(2);
  const doors = openDoors({ rule: fixBoth, answers });
  const planId = await doors.approve();
  void doors.ask('apply', planId);
  await interrupted;
  const record = await readPlan(doors.table, planId);
  expect(record).toMatchObject({ status: 'applied' });
  await expect(journalOf(doors, record?.appliedByChange)).resolves.toEqual({
    status: 'applying',
    outcomes: ['done', undefined],
  });
  doors.state.now = days(1);
  await expect(doors.ask('undo', record?.appliedByChange ?? '')).resolves.toMatchObject({ status: 'undone' });
  expect(versioning.get('other')).toBe('Suspended');
});
