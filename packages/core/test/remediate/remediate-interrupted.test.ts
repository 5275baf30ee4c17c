import { describe, expect, test } from 'vitest';

import { change } from '../../src/rule/change.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { readChange } from '../../src/state/journal.ts';
import { readPlan } from '../../src/state/plans.ts';
import type { Table } from '../../src/state/table.ts';
import type { FakeAnswer } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { days, openDoors, type DoorOptions } from '../open-doors.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { enable, ruleUndoing, setVersioning } from '../start-change.ts';

/** Two buckets are mended, `other` first; the facts tell of `logs` alone, so the second try finds the same plan. */
const both: Rule = {
  ...ruleUndoing(),
  fix: () => change({ description: 'Mend both', risk: 'safe', steps: [enable('other'), enable('logs')] }),
};

/** A function killed at its n-th write: AWS never answers it, and it never gets any further. */
const killedAt = (fatal: number) => {
  const killed = Promise.withResolvers<void>();
  let writes = 0;
  const versioning = new Map([
    ['logs', 'Suspended'],
    ['other', 'Suspended'],
  ]);
  const answers: FakeAnswer[] = [
    {
      operation: 'PutBucketVersioning',
      answer: (input) => {
        // All writes of these tests are made by `enable` and its undo.
        const { Bucket, VersioningConfiguration } = input as ReturnType<typeof setVersioning>;
        writes += 1;
        if (writes === fatal) {
          killed.resolve();
          return new Promise(() => {});
        }
        versioning.set(Bucket, VersioningConfiguration.Status);
        return {};
      },
    },
    { operation: 'GetBucketVersioning', answer: () => ({ Status: versioning.get('logs') }) },
  ];
  return { answers, versioning, killed: killed.promise };
};

/** Both doors after a run of the automation `ssm-1` that was killed at its second write. */
const afterKill = async (options: DoorOptions & { readonly before?: 'approved' } = {}) => {
  const { answers, versioning, killed } = killedAt(2);
  const { table, changes } = tableTelling();
  const doors = openDoors({ mode: 'auto', rule: both, answers, dependencies: { table }, ...options });
  const planId = options.before === 'approved' ? await doors.approve() : undefined;
  void doors.remediate(samplePayload({ executionId: 'ssm-1' }));
  await killed;
  const [first = ''] = changes;
  return { ...doors, versioning, planId, first };
};

/** A state table, and the ids of the changes that it was told of. */
const tableTelling = () => {
  const table = memoryTable();
  const changes = new Set<string>();
  const put: Table['put'] = (write) => {
    if (write.pk.startsWith('change#')) changes.add(write.pk.slice('change#'.length));
    return table.put(write);
  };
  return { table: { ...table, put }, changes };
};

const begun = async ({ table }: ReturnType<typeof openDoors>, changeId = '') => {
  const recorded = await readChange(table, changeId);
  if (!recorded) throw new Error(`${changeId} was journalled.`);
  return {
    status: recorded.journal.header.status,
    outcomes: recorded.entries.map((one) => one.outcome?.type),
  };
};

describe('after a run that was killed between two steps', () => {
  test('the next try of the same execution begins a change of its own and finishes', async () => {
    const doors = await afterKill();
    const answer = await doors.remediate(samplePayload({ executionId: 'ssm-1' }));
    expect(answer).toMatchObject({ status: 'fixed' });
    expect(Object.fromEntries(doors.versioning)).toEqual({ logs: 'Enabled', other: 'Enabled' });
    expect(answer.changeId).not.toBe(doors.first);
    await expect(begun(doors, answer.changeId)).resolves.toEqual({
      status: 'applied',
      outcomes: ['done', 'done'],
    });
  });

  test('it closes the journal of the killed one, which tells how far that came', async () => {
    const doors = await afterKill();
    await doors.remediate(samplePayload({ executionId: 'ssm-1' }));
    await expect(begun(doors, doors.first)).resolves.toEqual({
      status: 'failed',
      outcomes: ['done', undefined],
    });
  });

  test('the third try finds nothing left to do', async () => {
    const doors = await afterKill();
    await doors.remediate(samplePayload({ executionId: 'ssm-1' }));
    const { length } = doors.writes();
    await expect(doors.remediate(samplePayload({ executionId: 'ssm-1' }))).resolves.toMatchObject({
      status: 'skipped',
    });
    expect(doors.writes()).toHaveLength(length);
  });

  test('another execution fixes it as well', async () => {
    const doors = await afterKill();
    await expect(doors.remediate(samplePayload({ executionId: 'ssm-2' }))).resolves.toMatchObject({
      status: 'fixed',
    });
  });

  test('the killed change can be undone by its id, and what it may have done is taken back', async () => {
    const doors = await afterKill();
    const undone = { status: 'undone', changeId: doors.first };
    doors.state.now = days(1);
    await expect(doors.ask('undo', doors.first)).resolves.toMatchObject(undone);
    expect(doors.writes().slice(-2)).toMatchObject([
      { input: setVersioning('logs', 'Suspended') },
      { input: setVersioning('other', 'Suspended') },
    ]);
  });
});

describe('in mode approve', () => {
  test('an approved plan is applied by the automation, and marked with its change', async () => {
    const doors = openDoors();
    const planId = await doors.approve();
    const answer = await doors.remediate(samplePayload({ executionId: 'ssm-1' }));
    expect(answer).toMatchObject({ status: 'fixed', planId });
    await expect(readPlan(doors.table, planId)).resolves.toMatchObject({
      status: 'applied',
      successor: answer.changeId,
    });
  });

  test('an approval outlives a run that was killed: the next try finishes what was approved', async () => {
    const doors = await afterKill({ mode: 'approve', before: 'approved' });
    await expect(readPlan(doors.table, doors.planId ?? '')).resolves.toMatchObject({ status: 'approved' });
    await expect(doors.remediate(samplePayload({ executionId: 'ssm-1' }))).resolves.toMatchObject({
      status: 'fixed',
      planId: doors.planId,
    });
  });

  test('what was done is told although the plan was rejected while it was being done', async () => {
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
    expect(doors.told('remediation-finished').at(-1)).toMatchObject({
      outcome: 'fixed',
      steps: [{ outcome: { type: 'done' } }],
    });
  });
});

test('a person’s apply that was killed leaves the name of its change in the plan', async () => {
  const { answers, killed, versioning } = killedAt(2);
  const doors = openDoors({ rule: both, answers });
  const planId = await doors.approve();
  void doors.ask('apply', planId);
  await killed;
  const record = await readPlan(doors.table, planId);
  expect(record).toMatchObject({ status: 'applied' });
  await expect(begun(doors, record?.appliedByChange)).resolves.toEqual({
    status: 'applying',
    outcomes: ['done', undefined],
  });
  doors.state.now = days(1);
  await expect(doors.ask('undo', record?.appliedByChange ?? '')).resolves.toMatchObject({ status: 'undone' });
  expect(versioning.get('other')).toBe('Suspended');
});
