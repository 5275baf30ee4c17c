import { S3Client, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';

import { change, edit } from '../../src/rule/change.ts';
import { permanent, transient } from '../../src/base/errors.ts';
import { spendBudgets } from '../../src/state/limits.ts';
import { listPlans, readPlan } from '../../src/state/plans.ts';
import { readChange } from '../../src/state/journal.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, on } from '../../src/testing/fake-session.ts';
import { compliant, nonCompliant } from '../../src/rule/verdict.ts';
import { fakePasswordPolicy } from '../fake-password-policy.ts';
import { JO, NOON, SAM, days, openDoors } from '../open-doors.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const MALLORY = 'arn:aws:sts::111122223333:assumed-role/admin/mallory';
const UNKNOWN = 'plan-0123456789abcdef';

/** A rule about a document that others write to as well: long passwords with numbers. */
const editing = () => {
  const policy = fakePasswordPolicy({ MinimumPasswordLength: 8, RequireNumbers: false, MaxPasswordAge: 90 });
  const wanted = { MinimumPasswordLength: 14, RequireNumbers: true };
  const rule: Rule = {
    ...exampleRule,
    observe: { ...exampleRule.observe, get: async () => ({ facts: policy.state.content }) },
    judge: (facts) => {
      const { MinimumPasswordLength, RequireNumbers } = facts as typeof wanted;
      return MinimumPasswordLength >= 14 && RequireNumbers ? compliant() : nonCompliant('Too weak.');
    },
    fix: () =>
      change({
        description: 'Ask for better passwords',
        risk: 'safe',
        steps: [edit(policy.document, (content) => ({ ...(content as object), ...wanted }))],
      }),
    undo: { documents: [policy.document] },
  };
  return { ...policy, rule };
};

describe('the operators’ door', () => {
  test.each([
    ['nothing', undefined],
    ['the payload of the automation', samplePayload()],
    ['an id that was edited by hand', { action: 'approve', id: 'plan-1', proof: JO, executionId: 'e' }],
    ['an unknown action', { action: 'burn', id: UNKNOWN, proof: JO, executionId: 'e' }],
    [
      'more than a request has',
      { action: 'apply', id: UNKNOWN, proof: JO, executionId: 'e', steps: [{ type: 'call' }] },
    ],
  ])('refuses %s, and asks nobody who it was', async (_, input) => {
    const { operate, proofs, told } = openDoors();
    await expect(operate(input)).resolves.toEqual({
      status: 'refused',
      reason: expect.stringContaining('This is no operator') as string,
    });
    expect(proofs).toEqual([]);
    expect(told('remediation-finished')).toMatchObject([{ outcome: 'refused', executionId: 'unknown' }]);
  });

  test.each(['approve', 'apply', 'reject', 'undo'] as const)(
    'takes no %s from a member account, and tells who tried',
    async (action) => {
      const { ask, plan, told, table, opened } = openDoors();
      const planId = await plan();
      const before = opened.length;
      await expect(ask(action, planId, { as: MALLORY, executionId: 'e-1' })).resolves.toEqual({
        status: 'refused',
        reason: `${MALLORY} is not of the master account 999988887777: it may not decide.`,
      });
      await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
      expect(told('remediation-finished').at(-1)).toMatchObject({
        outcome: 'refused',
        by: MALLORY,
        planId,
        executionId: 'e-1',
      });
      expect(opened).toHaveLength(before);
    },
  );

  test('refuses whom STS does not prove, and says nothing about who that may be', async () => {
    const proveCaller = () => Promise.reject(permanent('not-proven', 'STS does not accept the proof.'));
    const { ask, plan, told, table } = openDoors({ dependencies: { verifyCaller: proveCaller } });
    const planId = await plan();
    await expect(ask('approve', planId)).resolves.toMatchObject({ status: 'refused' });
    await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
    expect(told('remediation-finished').at(-1)).not.toHaveProperty('by');
  });

  test('asks for a proof of this very action on this very id', async () => {
    const { ask, plan, proofs } = openDoors();
    const planId = await plan();
    await ask('approve', planId);
    await ask('apply', planId);
    expect(proofs).toEqual([`approve:${planId}`, `apply:${planId}`]);
  });

  test.each([
    ['STS', { verifyCaller: () => Promise.reject(transient('sts-unreachable', 'x')) }],
    ['the settings', { loadSettings: () => Promise.reject(transient('settings-unreadable', 'x')) }],
  ])('throws when %s cannot be asked, so that the caller tries again', async (_, dependencies) => {
    const { ask, events } = openDoors({ dependencies });
    await expect(ask('approve', UNKNOWN)).rejects.toMatchObject({ kind: 'transient' });
    expect(events).toEqual([]);
  });

  test.each(['approve', 'apply', 'reject'] as const)(
    'knows no plan to %s that nobody made',
    async (action) => {
      await expect(openDoors().ask(action, UNKNOWN)).resolves.toEqual({
        status: 'refused',
        reason: `There is no plan ${UNKNOWN}. 'compliance plans list' shows those there are.`,
      });
    },
  );
});

describe.each([
  ['approve', 'approved'],
  ['reject', 'rejected'],
] as const)('to %s', (action, status) => {
  test(`a plan records who ${status} it, when and why, and tells the auditors`, async () => {
    const { ask, plan, told, table, writes } = openDoors();
    const planId = await plan();
    await expect(ask(action, planId, { reason: 'I looked.' })).resolves.toEqual({
      status,
      reason: `Turn versioning on for logs: ${status} by ${JO}.`,
      planId,
    });
    await expect(readPlan(table, planId)).resolves.toMatchObject({
      status,
      decision: { by: JO, at: NOON.toISOString(), reason: 'I looked.' },
    });
    expect(told('plan-decided')).toMatchObject([
      {
        planId,
        decision: status,
        by: JO,
        reason: 'I looked.',
        command: 'EXAMPLE_KEEP_VERSIONS',
        accountId: '111122223333',
        region: 'eu-west-1',
        resource: { resourceId: 'logs' },
      },
    ]);
    expect(writes()).toEqual([]);
  });

  test('a second time is refused, and names the first', async () => {
    const { ask, plan, told } = openDoors();
    const planId = await plan();
    await ask(action, planId);
    await expect(ask(action, planId, { as: SAM })).resolves.toEqual({
      status: 'refused',
      reason: `${planId} is ${status} already by ${JO} at ${NOON.toISOString()}.`,
    });
    expect(told('plan-decided')).toHaveLength(1);
  });

  test('two at once: one does, the other learns who did', async () => {
    const { ask, plan, told, table } = openDoors();
    const planId = await plan();
    const answers = await Promise.all([ask(action, planId), ask(action, planId, { as: SAM })]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([status, 'refused'].toSorted());
    const winner = (await readPlan(table, planId))?.decision?.by;
    expect(answers.find((answer) => answer.status === 'refused')?.reason).toContain(`already by ${winner}`);
    expect(told('plan-decided')).toMatchObject([{ by: winner }]);
  });

  test('a plan that has expired is refused, in the second of its expiry', async () => {
    const { ask, plan, state, table } = openDoors();
    const planId = await plan();
    state.now = days(14);
    await expect(ask(action, planId)).resolves.toEqual({
      status: 'refused',
      reason: `${planId} expired at ${days(14).toISOString()}; the next sweep plans anew.`,
    });
    await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
  });

  test('a plan from a function whose clock is ahead works', async () => {
    const { ask, plan, state } = openDoors();
    state.now = days(0.01);
    const planId = await plan();
    state.now = NOON;
    await expect(ask(action, planId)).resolves.toMatchObject({ status });
  });
});

describe('a proof that is used a second time', () => {
  const SIGNED = `${JO}#f00d`;
  const SPENT = {
    status: 'refused',
    reason: `This proof of ${JO} was used before: what it was for is decided. Make another.`,
  };

  test('approves nothing, not even the same plan when it is opened anew', async () => {
    const { ask, plan, s3, table } = openDoors();
    const planId = await plan();
    await ask('approve', planId, { as: SIGNED });
    await expect(ask('approve', planId, { as: SIGNED })).resolves.toEqual(SPENT);
    await ask('apply', planId);
    s3.versioning.set('logs', 'Off');
    await plan();
    await expect(ask('approve', planId, { as: `${JO}#F00D` })).resolves.toEqual(SPENT);
    await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
  });

  test('undoes what it was refused to undo a moment ago: within a second two proofs are the same', async () => {
    const { ask, approve, s3 } = openDoors({ buckets: { logs: 'Suspended' } });
    const { changeId = '' } = await ask('apply', await approve());
    s3.versioning.set('logs', 'Off');
    await expect(ask('undo', changeId, { as: SIGNED })).resolves.toMatchObject({ status: 'refused' });
    s3.versioning.set('logs', 'Enabled');
    await expect(ask('undo', changeId, { as: SIGNED })).resolves.toMatchObject({ status: 'undone' });
  });

  test('is good for who could not be answered, and for what was refused', async () => {
    const { ask, plan, state } = openDoors({ mode: 'plan' });
    const planId = await plan();
    await expect(ask('approve', planId, { as: SIGNED })).resolves.toMatchObject({ status: 'refused' });
    state.mode = 'approve';
    state.logIsAway = true;
    await expect(ask('approve', planId, { as: SIGNED })).rejects.toMatchObject({ kind: 'transient' });
    state.logIsAway = false;
    await expect(ask('approve', planId, { as: SIGNED })).resolves.toMatchObject({ status: 'approved' });
  });
});

test('in mode plan nobody can approve, and everybody reject', async () => {
  const { ask, plan } = openDoors({ mode: 'plan' });
  const planId = await plan();
  await expect(ask('approve', planId)).resolves.toMatchObject({
    status: 'refused',
    reason: expect.stringContaining("'plan' in account 111122223333; approving needs 'approve'") as string,
  });
  await expect(ask('reject', planId)).resolves.toMatchObject({ status: 'rejected' });
});

test('an approval can be taken back until it is applied', async () => {
  const { ask, approve, writes } = openDoors();
  const planId = await approve();
  await expect(ask('reject', planId, { as: SAM })).resolves.toMatchObject({ status: 'rejected' });
  await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'refused' });
  expect(writes()).toEqual([]);
});

describe('to apply', () => {
  test('an approved plan fixes, verifies and tells what was done and who asked for it', async () => {
    const { ask, approve, told, opened, table, s3 } = openDoors();
    s3.tags.set('logs', { owner: 'team-tag' });
    const planId = await approve();
    const answer = await ask('apply', planId, { executionId: 'operator-7' });
    expect(answer).toEqual({
      status: 'fixed',
      reason: 'Turn versioning on for logs',
      planId,
      changeId: expect.stringMatching(/^change-[0-9a-f]{16}$/) as string,
    });
    expect(s3.versioning.get('logs')).toBe('Enabled');
    await expect(readPlan(table, planId)).resolves.toMatchObject({
      status: 'applied',
      decision: { by: JO },
      successor: answer.changeId,
    });
    expect(told('remediation-finished').at(-1)).toMatchObject({
      outcome: 'fixed',
      by: JO,
      owner: 'team-tag',
      executionId: 'operator-7',
      planId,
      changeId: answer.changeId,
      factsBefore: { status: 'Off' },
      factsAfter: { status: 'Enabled' },
      steps: [{ outcome: { type: 'done' } }],
    });
    expect(opened.at(-1)).toMatchObject({
      partition: 'aws',
      sessionName: 'EXAMPLE_KEEP_VERSIONS+operator-7',
      grants: expect.not.arrayContaining(['s3:ListAllMyBuckets']) as string[],
    });
  });

  test('works in the partition of the caller', async () => {
    const { ask, approve, opened } = openDoors();
    const planId = await approve();
    await ask('apply', planId, { as: JO.replace('arn:aws:', 'arn:aws-cn:') });
    expect(opened.at(-1)).toMatchObject({ partition: 'aws-cn' });
  });

  const early: [string, (doors: ReturnType<typeof openDoors>) => void, string][] = [
    ['while the stop switch is on', ({ state }) => (state.stopped = true), 'stop switch'],
    [
      'once the mode is plan again',
      ({ state }) => (state.mode = 'plan'),
      "mode of EXAMPLE_KEEP_VERSIONS is 'plan'",
    ],
    ['after the plan has expired', ({ state }) => (state.now = days(14)), 'expired at'],
    [
      'in an account that left the settings',
      ({ state }) => (state.settings = { accounts: [{ id: '444455556666', name: 'other' }] }),
      'not in the settings',
    ],
  ];
  test.each(early)('%s is refused before any role is assumed', async (_, turn, reason) => {
    const doors = openDoors();
    const planId = await doors.approve();
    const { length } = doors.opened;
    turn(doors);
    await expect(doors.ask('apply', planId)).resolves.toEqual({
      status: 'refused',
      reason: expect.stringContaining(reason) as string,
    });
    expect(doors.opened).toHaveLength(length);
    await expect(readPlan(doors.table, planId)).resolves.toMatchObject({ status: 'approved' });
  });

  test('what nobody approved is refused, and says what comes first', async () => {
    const { ask, plan, writes } = openDoors();
    const planId = await plan();
    await expect(ask('apply', planId)).resolves.toEqual({
      status: 'refused',
      reason: `${planId} is open; 'compliance approve ${planId}' comes first.`,
    });
    expect(writes()).toEqual([]);
  });

  test('twice at once writes once', async () => {
    const { ask, approve, writes } = openDoors();
    const planId = await approve();
    const answers = await Promise.all([ask('apply', planId), ask('apply', planId, { as: SAM })]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual(['fixed', 'refused']);
    expect(answers.find(({ status }) => status === 'refused')?.reason).toContain('applied already');
    expect(writes()).toHaveLength(1);
  });

  test('again is refused: an approval is good for one change', async () => {
    const { ask, approve, s3, writes } = openDoors();
    const planId = await approve();
    await ask('apply', planId);
    s3.versioning.set('logs', 'Off');
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'refused' });
    expect(writes()).toHaveLength(1);
  });

  test('a plan that was edited by hand is refused, and nothing is done', async () => {
    const { ask, approve, table, writes } = openDoors({ buckets: { logs: 'Off', other: 'Off' } });
    const planId = await approve();
    const row = await table.get('plan', planId);
    const edited = JSON.stringify(row?.data).replaceAll('"Bucket":"logs"', '"Bucket":"other"');
    await table.put({
      pk: 'plan',
      sk: planId,
      data: JSON.parse(edited) as object,
      expected: row?.version ?? 0,
    });
    for (const action of ['apply', 'approve', 'reject'] as const)
      await expect(ask(action, planId)).resolves.toEqual({
        status: 'refused',
        reason: `${planId} is not what was planned: somebody edited it in the state table. The next sweep plans anew.`,
      });
    expect(writes()).toEqual([]);
  });

  test('a resource that is fine by now is skipped', async () => {
    const { ask, approve, s3, told, writes } = openDoors();
    const planId = await approve();
    s3.versioning.set('logs', 'Enabled');
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'skipped' });
    expect(told('remediation-finished').at(-1)).toMatchObject({ outcome: 'skipped', by: JO });
    expect(writes()).toEqual([]);
  });

  test('a resource that is another by now plans anew and says so', async () => {
    const { ask, approve, s3, told, table, writes } = openDoors();
    const planId = await approve();
    s3.versioning.set('logs', 'Suspended');
    const answer = await ask('apply', planId);
    expect(answer).toMatchObject({
      status: 'planned',
      reason: `The resource is not as ${planId} found it. It was planned anew; approve ${answer.planId} instead.`,
    });
    expect(writes()).toEqual([]);
    await expect(readPlan(table, planId)).resolves.toMatchObject({
      status: 'superseded',
      successor: answer.planId,
    });
    await expect(readPlan(table, answer.planId ?? '')).resolves.toMatchObject({ status: 'open' });
    expect(told('plan-created').at(-1)).toMatchObject({
      plan: { id: answer.planId, facts: { status: 'Suspended' } },
      withheld: `It takes the place of ${planId}.`,
      owner: 'team-prod',
    });
    expect(told('plan-decided').at(-1)).toMatchObject({ planId, decision: 'superseded', by: JO });
  });

  test('what a person must do by now is left to one', async () => {
    let isManual = false;
    const manual: Rule = { ...exampleRule, fix: () => ({ manual: 'Ask the owner.' }) };
    const loadRule = async () => (isManual ? manual : exampleRule);
    const { ask, approve, writes } = openDoors({ dependencies: { loadRule } });
    const planId = await approve();
    isManual = true;
    await expect(ask('apply', planId)).resolves.toEqual({ status: 'human', reason: 'Ask the owner.' });
    expect(writes()).toEqual([]);
  });

  test('what the fix does not help is failed, with the way back named', async () => {
    const denied = on(S3Client, PutBucketVersioningCommand, () => {
      throw awsError('AccessDenied', 'not you', 403);
    });
    const { ask, approve, told } = openDoors({ answers: [denied] });
    const planId = await approve();
    await expect(ask('apply', planId)).resolves.toMatchObject({
      status: 'failed',
      planId,
      reason: 'Step 1 failed, 0 done before it: AccessDenied: not you',
    });
    expect(told('remediation-finished').at(-1)).toMatchObject({ outcome: 'failed', by: JO });
  });
});

describe('an approval stands', () => {
  test('when the budgets are used up, and is applied in the next hour', async () => {
    const settings = { limits: { fixesPerHour: { ruleAndAccount: 1 } } };
    const { ask, approve, state, table, writes } = openDoors({ settings });
    const planId = await approve();
    const { limits } = parseSettings(settingsWith(settings));
    const other = { command: 'EXAMPLE_KEEP_VERSIONS', accountId: '111122223333', region: 'eu-west-1' };
    await spendBudgets({ ...other, resourceId: 'other' }, { table, limits, now: NOON });
    await expect(ask('apply', planId)).resolves.toMatchObject({
      status: 'planned',
      reason: expect.stringContaining('The limit of 1 fixes an hour') as string,
      planId,
    });
    await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'approved' });
    expect(writes()).toEqual([]);
    state.now = days(1 / 24);
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed' });
  });

  test('when the change could not begin, and is applied by the next try', async () => {
    const { rule, state: policy, document } = editing();
    let reads = 0;
    const held = {
      ...document,
      read: async (...args: Parameters<typeof document.read>) => {
        reads += 1;
        // The sweep's plan reads it first, the plan of the apply second; the step itself third.
        if (reads === 3) throw transient('lease-held', 'It is being changed by change-x.');
        return document.read(...args);
      },
    };
    const fix: Rule['fix'] = () =>
      change({
        description: 'Ask for better passwords',
        risk: 'safe',
        steps: [edit(held, () => ({ MinimumPasswordLength: 14, RequireNumbers: true }))],
      });
    const { ask, approve, table } = openDoors({ rule: { ...rule, fix } });
    const planId = await approve();
    await expect(ask('apply', planId)).rejects.toMatchObject({
      kind: 'transient',
      code: 'not-begun',
      message: expect.stringContaining('change-x') as string,
    });
    await expect(readPlan(table, planId)).resolves.toMatchObject({
      status: 'approved',
      decision: { by: JO },
    });
    expect(policy.writes).toBe(0);
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed' });
  });

  test('when exemptions cannot be read: nothing is done', async () => {
    const exemptions = () => Promise.reject(transient('not-published', 'x'));
    const all = openDoors();
    const planId = await all.approve();
    const broken = openDoors({ dependencies: { loadExemptions: exemptions, table: all.table } });
    await expect(broken.ask('apply', planId)).rejects.toMatchObject({ code: 'not-published' });
    expect(broken.writes()).toEqual([]);
    await expect(all.ask('apply', planId)).resolves.toMatchObject({ status: 'fixed' });
  });
});

describe('an approved edit of a document that others write to as well', () => {
  test('is applied when a neighbour did part of it: the rest is done, under the approved plan’s name', async () => {
    const { rule, state } = editing();
    const { ask, approve, table } = openDoors({ rule });
    const planId = await approve();
    state.content = { MinimumPasswordLength: 8, RequireNumbers: true, MaxPasswordAge: 90 };
    const answer = await ask('apply', planId);
    expect(answer).toMatchObject({ status: 'fixed', planId });
    expect(state.content).toEqual({ MinimumPasswordLength: 14, RequireNumbers: true, MaxPasswordAge: 90 });
    const recorded = await readChange(table, answer.changeId ?? '');
    expect(recorded?.journal.header.planId).toBe(planId);
    expect(recorded?.entries).toMatchObject([
      { intent: { difference: [{ path: ['MinimumPasswordLength'], before: 8, after: 14 }] } },
    ]);
  });

  test('is applied when a neighbour changed another place, which stays as it is', async () => {
    const { rule, state } = editing();
    const { ask, approve } = openDoors({ rule });
    const planId = await approve();
    state.content = { MinimumPasswordLength: 8, RequireNumbers: false, MaxPasswordAge: 30 };
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed', planId });
    expect(state.content).toMatchObject({ MaxPasswordAge: 30 });
  });

  test.each([
    ['a different one', { MinimumPasswordLength: 6, RequireNumbers: false }],
    ['one where the member is gone', { RequireNumbers: false }],
  ])('is planned anew where it became %s', async (_, content) => {
    const { rule, state } = editing();
    const { ask, approve, table } = openDoors({ rule });
    const planId = await approve();
    state.content = content;
    const answer = await ask('apply', planId);
    expect(answer.status).toBe('planned');
    expect(answer.planId).not.toBe(planId);
    expect(state).toMatchObject({ content, writes: 0 });
    await expect(Array.fromAsync(listPlans(table))).resolves.toHaveLength(2);
  });

  test('is planned anew where it became a bigger one', async () => {
    const { rule, state } = editing();
    state.content = { MinimumPasswordLength: 8, RequireNumbers: true };
    const { ask, approve } = openDoors({ rule });
    const planId = await approve();
    state.content = { MinimumPasswordLength: 8, RequireNumbers: false };
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'planned' });
    expect(state.writes).toBe(0);
  });
});
