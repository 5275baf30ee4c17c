import { describe, expect, test } from 'vitest';

import { readChange } from '../../src/state/journal.ts';
import { readPlan } from '../../src/state/plans.ts';
import { awsError } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { JO, SAM, openDoors } from '../open-doors.ts';

const UNREACHABLE = { kind: 'transient', code: 'not-published' };

/** Runs `act` while the log is unreachable, which is reachable again afterwards. */
const withLogUnreachable = async (
  doors: ReturnType<typeof openDoors>,
  act: () => Promise<unknown>,
): Promise<void> => {
  doors.state.isLogUnavailable = true;
  await expect(act()).rejects.toMatchObject(UNREACHABLE);
  doors.state.isLogUnavailable = false;
};

describe('an unpublished plan', () => {
  const unpublishedPlan = async () => {
    const doors = openDoors();
    await withLogUnreachable(doors, () => doors.remediate(samplePayload()));
    return doors;
  };

  test('an unpublished plan is published by the next run that finds the same, once', async () => {
    const { remediate, published } = await unpublishedPlan();
    const { planId } = await remediate(samplePayload());
    await remediate(samplePayload());
    expect(published('plan-created')).toMatchObject([{ plan: { id: planId }, owner: 'team-prod' }]);
  });

  test('an unpublished plan is published before the decision on it', async () => {
    const { ask, events, table } = await unpublishedPlan();
    const [row] = await Array.fromAsync(table.query('plan'));
    await ask('approve', row?.sk ?? '');
    expect(events.map(({ type }) => type)).toEqual(['plan-created', 'plan-decided']);
  });
});

test('a published plan has no pending events', async () => {
  const { plan, table } = openDoors();
  await expect(readPlan(table, await plan())).resolves.not.toHaveProperty('pendingEvents');
});

describe.each([
  ['approve', 'approved'],
  ['reject', 'rejected'],
] as const)('an unpublished decision to %s a plan', (action, status) => {
  const unpublishedDecision = async () => {
    const doors = openDoors();
    const planId = await doors.plan();
    await withLogUnreachable(doors, () => doors.ask(action, planId, { reason: 'Checked.' }));
    return { ...doors, planId };
  };

  test(`an unpublished decision to ${action} takes effect, and is published when the same person asks again`, async () => {
    const { ask, planId, published, table } = await unpublishedDecision();
    await expect(readPlan(table, planId)).resolves.toMatchObject({ status, decision: { by: JO } });
    await expect(ask(action, planId)).resolves.toEqual({
      status,
      reason: `Turn versioning on for logs: ${status} by ${JO}.`,
      planId,
    });
    expect(published('plan-decided')).toMatchObject([
      { planId, decision: status, actor: JO, reason: 'Checked.', owner: 'team-prod' },
    ]);
    await expect(ask(action, planId)).resolves.toMatchObject({ status: 'refused' });
    expect(published('plan-decided')).toHaveLength(1);
  });

  test(`an unpublished decision to ${action} is published when another person asks, who is refused and learns who decided`, async () => {
    const { ask, planId, published } = await unpublishedDecision();
    await expect(ask(action, planId, { as: SAM })).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining(`already ${status} by ${JO}`) as string,
    });
    expect(published('plan-decided')).toMatchObject([{ actor: JO }]);
  });
});

test('an unpublished approval is published when the plan is applied', async () => {
  const doors = openDoors();
  const planId = await doors.plan();
  await withLogUnreachable(doors, () => doors.ask('approve', planId));
  await expect(doors.ask('apply', planId)).resolves.toMatchObject({ status: 'fixed' });
  expect(doors.events.slice(-2).map(({ type }) => type)).toEqual(['plan-decided', 'remediation-finished']);
});

test('an unpublished supersession is the answer to the next apply', async () => {
  const doors = openDoors();
  const planId = await doors.approve();
  doors.s3.versioning.set('logs', 'Suspended');
  const publish = doors.events.push.bind(doors.events);
  // The new plan is published, then the log is unreachable.
  doors.events.push = (...events) => {
    doors.state.isLogUnavailable = events.some(({ type }) => type === 'plan-created');
    return publish(...events);
  };
  await expect(doors.ask('apply', planId)).rejects.toMatchObject(UNREACHABLE);
  doors.state.isLogUnavailable = false;
  const answer = await doors.ask('apply', planId);
  expect(answer).toMatchObject({
    status: 'planned',
    reason: expect.stringContaining('The resource changed after') as string,
  });
  expect(doors.published('plan-decided').at(-1)).toMatchObject({ planId, decision: 'superseded', actor: JO });
  await expect(doors.ask('apply', planId)).resolves.toMatchObject({ status: 'refused' });
});

describe('an unpublished fix', () => {
  test('an unpublished fix is the answer to the retry of the automation, and published once', async () => {
    const doors = openDoors({ mode: 'auto' });
    await withLogUnreachable(doors, () => doors.remediate(samplePayload()));
    const answer = await doors.remediate(samplePayload());
    expect(answer).toMatchObject({ status: 'fixed', changeId: expect.any(String) as string });
    expect(doors.published('remediation-finished')).toMatchObject([
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

  test('an unpublished fix is the answer to the person who asks again, and made once', async () => {
    const doors = openDoors();
    const planId = await doors.approve();
    await withLogUnreachable(doors, () => doors.ask('apply', planId));
    await expect(doors.ask('apply', planId)).resolves.toMatchObject({ status: 'fixed', planId });
    expect(doors.published('remediation-finished').at(-1)).toMatchObject({
      outcome: 'fixed',
      actor: JO,
      planId,
    });
    await expect(doors.ask('apply', planId)).resolves.toMatchObject({ status: 'refused' });
    expect(doors.writes()).toHaveLength(1);
  });

  test('an unpublished fix is published before its undo', async () => {
    const doors = openDoors();
    const planId = await doors.approve();
    await withLogUnreachable(doors, () => doors.ask('apply', planId));
    const record = await readPlan(doors.table, planId);
    await expect(doors.ask('undo', record?.appliedByChange ?? '')).resolves.toMatchObject({
      status: 'undone',
    });
    expect(doors.events.slice(-2)).toMatchObject([{ outcome: 'fixed' }, { outcome: 'undone' }]);
  });
});

describe('an unpublished undo', () => {
  const unpublishedUndo = async () => {
    const doors = openDoors();
    const { changeId = '' } = await doors.ask('apply', await doors.approve());
    await withLogUnreachable(doors, () => doors.ask('undo', changeId));
    return { ...doors, changeId };
  };

  test('an unpublished undo is made once, and published when the same person asks again', async () => {
    const { ask, changeId, published, table, writes } = await unpublishedUndo();
    const undone = { status: 'undone', reason: 'Turn versioning on for logs', changeId };
    await expect(ask('undo', changeId)).resolves.toEqual(undone);
    expect(published('change-undone')).toMatchObject([{ outcome: 'undone', actor: JO, owner: 'team-prod' }]);
    expect(writes()).toHaveLength(2);
    expect((await readChange(table, changeId))?.journal.header).not.toHaveProperty('pendingEvents');
    await expect(ask('undo', changeId)).resolves.toMatchObject({ status: 'refused' });
  });

  test('an unpublished undo is published when another person asks, who is refused', async () => {
    const { ask, changeId, published } = await unpublishedUndo();
    await expect(ask('undo', changeId, { as: SAM })).resolves.toMatchObject({
      status: 'refused',
      reason: `${changeId} is already undone.`,
    });
    expect(published('change-undone')).toMatchObject([{ actor: JO }]);
  });
});

test('an event that does not fit into its row is published before the row is written, once', async () => {
  const table = memoryTable();
  const put: typeof table.put = async (write) => {
    if ('untold' in write.data) throw awsError('ValidationException', 'Item size has exceeded the maximum');
    return table.put(write);
  };
  const doors = openDoors({ dependencies: { table: { ...table, put } } });
  const planId = await doors.plan();
  expect(doors.published('plan-created')).toHaveLength(1);
  await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
  doors.state.mode = 'auto';
  const { changeId = '' } = await doors.remediate(samplePayload());
  expect(doors.published('remediation-finished').at(-1)).toMatchObject({ outcome: 'fixed', changeId });
  expect((await readChange(table, changeId))?.journal.header.status).toBe('applied');
});
