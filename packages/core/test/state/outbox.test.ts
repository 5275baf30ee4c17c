import { describe, expect, test } from 'vitest';

import { readChange } from '../../src/state/journal.ts';
import { readPlan } from '../../src/state/plans.ts';
import { awsError } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { JO, SAM, openDoors } from '../open-doors.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';

const AWAY = { kind: 'transient', code: 'not-published' };

/** Both doors after something that was done while the log was out of reach, which is back by now. */
const withLogAway = async (
  doors: ReturnType<typeof openDoors>,
  act: () => Promise<unknown>,
): Promise<void> => {
  doors.state.logIsAway = true;
  await expect(act()).rejects.toMatchObject(AWAY);
  doors.state.logIsAway = false;
};

describe('a plan that could not be told', () => {
  const untoldPlan = async () => {
    const doors = openDoors();
    await withLogAway(doors, () => doors.remediate(samplePayload()));
    return doors;
  };

  test('is told by the next who finds the same, once', async () => {
    const { remediate, told } = await untoldPlan();
    const { planId } = await remediate(samplePayload());
    await remediate(samplePayload());
    expect(told('plan-created')).toMatchObject([{ plan: { id: planId }, owner: 'team-prod' }]);
  });

  test('is told by the person who decides on it, before the decision', async () => {
    const { ask, events, table } = await untoldPlan();
    const [row] = await Array.fromAsync(table.query('plan'));
    await ask('approve', row?.sk ?? '');
    expect(events.map(({ type }) => type)).toEqual(['plan-created', 'plan-decided']);
  });
});

test('a plan that was told has nothing left to tell', async () => {
  const { plan, table } = openDoors();
  await expect(readPlan(table, await plan())).resolves.not.toHaveProperty('untold');
});

describe.each([
  ['approve', 'approved'],
  ['reject', 'rejected'],
] as const)('to %s a plan while the log is out of reach', (action, status) => {
  const undecided = async () => {
    const doors = openDoors();
    const planId = await doors.plan();
    await withLogAway(doors, () => doors.ask(action, planId, { reason: 'I looked.' }));
    return { ...doors, planId };
  };

  test('stands, and is told when the same person asks again', async () => {
    const { ask, planId, told, table } = await undecided();
    await expect(readPlan(table, planId)).resolves.toMatchObject({ status, decision: { by: JO } });
    await expect(ask(action, planId)).resolves.toEqual({
      status,
      reason: `Turn versioning on for logs: ${status} by ${JO}.`,
      planId,
    });
    expect(told('plan-decided')).toMatchObject([
      { planId, decision: status, by: JO, reason: 'I looked.', owner: 'team-prod' },
    ]);
    await expect(ask(action, planId)).resolves.toMatchObject({ status: 'refused' });
    expect(told('plan-decided')).toHaveLength(1);
  });

  test('is told when another asks, who is refused and learns who did', async () => {
    const { ask, planId, told } = await undecided();
    await expect(ask(action, planId, { as: SAM })).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining(`already by ${JO}`) as string,
    });
    expect(told('plan-decided')).toMatchObject([{ by: JO }]);
  });
});

test('an approval that could not be told is told by who applies it', async () => {
  const doors = openDoors();
  const planId = await doors.plan();
  await withLogAway(doors, () => doors.ask('approve', planId));
  await expect(doors.ask('apply', planId)).resolves.toMatchObject({ status: 'fixed' });
  expect(doors.events.slice(-2).map(({ type }) => type)).toEqual(['plan-decided', 'remediation-finished']);
});

test('a plan that gave way to another unheard says so to who asks again', async () => {
  const doors = openDoors();
  const planId = await doors.approve();
  doors.s3.versioning.set('logs', 'Suspended');
  const publish = doors.events.push.bind(doors.events);
  // The new plan can be told, and then the log is away.
  doors.events.push = (...events) => {
    doors.state.logIsAway = events.some(({ type }) => type === 'plan-created');
    return publish(...events);
  };
  await expect(doors.ask('apply', planId)).rejects.toMatchObject(AWAY);
  doors.state.logIsAway = false;
  const answer = await doors.ask('apply', planId);
  expect(answer).toMatchObject({
    status: 'planned',
    reason: expect.stringContaining('planned anew') as string,
  });
  expect(doors.told('plan-decided').at(-1)).toMatchObject({ planId, decision: 'superseded', by: JO });
  await expect(doors.ask('apply', planId)).resolves.toMatchObject({ status: 'refused' });
});

describe('a fix that could not be told', () => {
  test('is the answer to the next try of the automation, and told once', async () => {
    const doors = openDoors({ mode: 'auto' });
    await withLogAway(doors, () => doors.remediate(samplePayload()));
    const answer = await doors.remediate(samplePayload());
    expect(answer).toMatchObject({ status: 'fixed', changeId: expect.any(String) as string });
    expect(doors.told('remediation-finished')).toMatchObject([
      {
        outcome: 'fixed',
        changeId: answer.changeId,
        executionId: 'execution-1',
        owner: 'team-prod',
        factsBefore: { status: 'Off' },
        factsAfter: { status: 'Enabled' },
        steps: [{ outcome: { type: 'done' } }],
      },
    ]);
    await expect(doors.remediate(samplePayload())).resolves.toMatchObject({ status: 'skipped' });
    expect(doors.writes()).toHaveLength(1);
  });

  test('is the answer to the person who asks again, and was approved once', async () => {
    const doors = openDoors();
    const planId = await doors.approve();
    await withLogAway(doors, () => doors.ask('apply', planId));
    await expect(doors.ask('apply', planId)).resolves.toMatchObject({ status: 'fixed', planId });
    expect(doors.told('remediation-finished').at(-1)).toMatchObject({ outcome: 'fixed', by: JO, planId });
    await expect(doors.ask('apply', planId)).resolves.toMatchObject({ status: 'refused' });
    expect(doors.writes()).toHaveLength(1);
  });

  test('is told before it is undone', async () => {
    const doors = openDoors();
    const planId = await doors.approve();
    await withLogAway(doors, () => doors.ask('apply', planId));
    const record = await readPlan(doors.table, planId);
    await expect(doors.ask('undo', record?.appliedByChange ?? '')).resolves.toMatchObject({
      status: 'undone',
    });
    expect(doors.events.slice(-2)).toMatchObject([{ outcome: 'fixed' }, { outcome: 'undone' }]);
  });
});

describe('an undo that could not be told', () => {
  const untoldUndo = async () => {
    const doors = openDoors();
    const { changeId = '' } = await doors.ask('apply', await doors.approve());
    await withLogAway(doors, () => doors.ask('undo', changeId));
    return { ...doors, changeId };
  };

  test('is done once, and told when the same person asks again', async () => {
    const { ask, changeId, told, table, writes } = await untoldUndo();
    const undone = { status: 'undone', reason: 'Turn versioning on for logs', changeId };
    await expect(ask('undo', changeId)).resolves.toEqual(undone);
    expect(told('change-undone')).toMatchObject([{ outcome: 'undone', by: JO, owner: 'team-prod' }]);
    expect(writes()).toHaveLength(2);
    expect((await readChange(table, changeId))?.journal.header).not.toHaveProperty('untold');
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'refused' });
  });

  test('is told when another asks, who is refused', async () => {
    const { ask, changeId, told } = await untoldUndo();
    await expect(ask('undo', changeId, { as: SAM })).resolves.toMatchObject({
      status: 'refused',
      reason: `${changeId} was undone before.`,
    });
    expect(told('change-undone')).toMatchObject([{ by: JO }]);
  });
});

test('what is too large for one row with its event is told before it is kept, once', async () => {
  const table = memoryTable();
  const put: typeof table.put = async (write) => {
    if ('untold' in write.data) throw awsError('ValidationException', 'Item size has exceeded the maximum');
    return table.put(write);
  };
  const doors = openDoors({ dependencies: { table: { ...table, put } } });
  const planId = await doors.plan();
  expect(doors.told('plan-created')).toHaveLength(1);
  await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
  doors.state.mode = 'auto';
  const { changeId = '' } = await doors.remediate(samplePayload());
  expect(doors.told('remediation-finished').at(-1)).toMatchObject({ outcome: 'fixed', changeId });
  expect((await readChange(table, changeId))?.journal.header.status).toBe('applied');
});
