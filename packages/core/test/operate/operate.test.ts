import { S3Client, PutBucketVersioningCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from 'vitest';

import { permanent, transient } from '../../src/base/errors.ts';
import { change, edit } from '../../src/rule/change.ts';
import type { Rule } from '../../src/rule/rule.ts';
import { compliant, nonCompliant } from '../../src/rule/verdict.ts';
import { parseSettings } from '../../src/settings/settings.ts';
import { readChange } from '../../src/state/journal.ts';
import { spendBudgets } from '../../src/state/limits.ts';
import { listPlans, readPlan } from '../../src/state/plans.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { awsError, on } from '../../src/testing/fake-session.ts';
import { samplePayload } from '../../src/testing/sample-payload.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';
import { fakePasswordPolicy } from '../fake-password-policy.ts';
import { JO, NOON, SAM, days, openDoors } from '../open-doors.ts';

const MALLORY = 'arn:aws:sts::111122223333:assumed-role/admin/mallory';
const UNKNOWN = 'plan-0123456789abcdef';

/** A rule on a document that others write to as well: long passwords with numbers. */
const passwordRule = () => {
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
        description: 'Require better passwords',
        risk: 'safe',
        steps: [edit(policy.document, (content) => ({ ...(content as object), ...wanted }))],
      }),
    undo: { documents: [policy.document] },
  };
  return { ...policy, rule };
};

describe('the operators’ alias', () => {
  test.each([
    ['an empty request', undefined],
    ['the payload of the automation', samplePayload()],
    ['an id that was edited by hand', { action: 'approve', id: 'plan-1', proof: JO, executionId: 'e' }],
    ['an unknown action', { action: 'burn', id: UNKNOWN, proof: JO, executionId: 'e' }],
    [
      'a request with more members',
      { action: 'apply', id: UNKNOWN, proof: JO, executionId: 'e', steps: [{ type: 'call' }] },
    ],
  ])('%s is refused, and no proof is verified', async (_, input) => {
    const { operate, proofs, published } = openDoors();
    await expect(operate(input)).resolves.toEqual({
      status: 'refused',
      reason: expect.stringContaining('Invalid operator request') as string,
    });
    expect(proofs).toEqual([]);
    expect(published('remediation-finished')).toMatchObject([{ outcome: 'refused', executionId: 'unknown' }]);
  });

  test.each(['approve', 'apply', 'reject', 'undo'] as const)(
    '%s from a member account is refused, and published with the caller',
    async (action) => {
      const { ask, plan, published, table, opened } = openDoors();
      const planId = await plan();
      const before = opened.length;
      await expect(ask(action, planId, { as: MALLORY, executionId: 'e-1' })).resolves.toEqual({
        status: 'refused',
        reason: `${MALLORY} belongs to another account. Operators must use an identity in master account 999988887777.`,
      });
      await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
      expect(published('remediation-finished').at(-1)).toMatchObject({
        outcome: 'refused',
        actor: MALLORY,
        planId,
        executionId: 'e-1',
      });
      expect(opened).toHaveLength(before);
    },
  );

  test('a caller that STS does not prove is refused, and published without an identity', async () => {
    const verifyCaller = () => Promise.reject(permanent('not-proven', 'STS does not accept the proof.'));
    const { ask, plan, published, table } = openDoors({ dependencies: { verifyCaller } });
    const planId = await plan();
    await expect(ask('approve', planId)).resolves.toMatchObject({ status: 'refused' });
    await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
    expect(published('remediation-finished').at(-1)).not.toHaveProperty('actor');
  });

  test('a proof is verified for its action, its id and, of an approval, for what was shown', async () => {
    const { ask, plan, proofs } = openDoors();
    const planId = await plan();
    await ask('approve', planId);
    await ask('apply', planId);
    expect(proofs).toEqual([
      expect.stringMatching(new RegExp(`^approve:${planId}:[0-9a-f]{64}$`)),
      `apply:${planId}`,
    ]);
  });

  test.each([
    ['STS', { verifyCaller: () => Promise.reject(transient('sts-unreachable', 'x')) }],
    ['the settings', { loadSettings: () => Promise.reject(transient('settings-unreadable', 'x')) }],
  ])('a request is thrown when %s cannot be reached, so that the caller retries', async (_, dependencies) => {
    const { ask, events } = openDoors({ dependencies });
    await expect(ask('approve', UNKNOWN)).rejects.toMatchObject({ kind: 'transient' });
    expect(events).toEqual([]);
  });

  test.each(['approve', 'apply', 'reject'] as const)('%s of an unknown plan is refused', async (action) => {
    await expect(openDoors().ask(action, UNKNOWN)).resolves.toEqual({
      status: 'refused',
      reason: `Unknown plan ${UNKNOWN}. 'compliance plans list --status all' shows all plans.`,
    });
  });
});

describe.each([
  ['approve', 'approved'],
  ['reject', 'rejected'],
] as const)('%s', (action, status) => {
  test(`a decision to ${action} is stored with person, time and reason, and published`, async () => {
    const { ask, plan, published, table, writes } = openDoors();
    const planId = await plan();
    await expect(ask(action, planId, { reason: 'Reviewed.' })).resolves.toEqual({
      status,
      reason: `Turn versioning on for logs: ${status} by ${JO}.`,
      planId,
    });
    await expect(readPlan(table, planId)).resolves.toMatchObject({
      status,
      decision: { by: JO, at: NOON.toISOString(), reason: 'Reviewed.' },
    });
    expect(published('plan-decided')).toMatchObject([
      {
        planId,
        decision: status,
        actor: JO,
        reason: 'Reviewed.',
        command: 'EXAMPLE_KEEP_VERSIONS',
        accountId: '111122223333',
        region: 'eu-west-1',
        resource: { resourceId: 'logs' },
      },
    ]);
    expect(writes()).toEqual([]);
  });

  test(`a second ${action} is refused, and names the first`, async () => {
    const { ask, plan, published } = openDoors();
    const planId = await plan();
    await ask(action, planId);
    await expect(ask(action, planId, { as: SAM })).resolves.toEqual({
      status: 'refused',
      reason: `${planId} is already ${status} by ${JO} at ${NOON.toISOString()}.`,
    });
    expect(published('plan-decided')).toHaveLength(1);
  });

  test(`one of two concurrent requests to ${action} wins, and the other names the winner`, async () => {
    const { ask, plan, published, table } = openDoors();
    const planId = await plan();
    const answers = await Promise.all([ask(action, planId), ask(action, planId, { as: SAM })]);
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([status, 'refused'].toSorted());
    const winner = (await readPlan(table, planId))?.decision?.by;
    expect(answers.find((answer) => answer.status === 'refused')?.reason).toContain(
      `already ${status} by ${winner}`,
    );
    expect(published('plan-decided')).toMatchObject([{ actor: winner }]);
  });

  test(`${action} of an expired plan is refused, from the second of its expiry`, async () => {
    const { ask, plan, state, table } = openDoors();
    const planId = await plan();
    state.now = days(14);
    await expect(ask(action, planId)).resolves.toEqual({
      status: 'refused',
      reason: `${planId} expired at ${days(14).toISOString()}. The next sweep plans the fix again.`,
    });
    await expect(readPlan(table, planId)).resolves.toMatchObject({ status: 'open' });
  });

  test(`${action} accepts a plan from a function whose clock is ahead`, async () => {
    const { ask, plan, state } = openDoors();
    state.now = days(0.01);
    const planId = await plan();
    state.now = NOON;
    await expect(ask(action, planId)).resolves.toMatchObject({ status });
  });
});

test.each([
  ['another digest than that of the stored plan', '0'.repeat(64), 'another text was shown'],
  ['no digest, as the CLI of an earlier release', undefined, 'does not say what was shown'],
])('an approval with %s is refused', async (_, shown, reason) => {
  const { operate, plan, table } = openDoors();
  const id = await plan();
  const request = { action: 'approve', id, proof: JO, executionId: 'e', ...(shown && { shown }) };
  await expect(operate(request)).resolves.toEqual({
    status: 'refused',
    reason: expect.stringContaining(reason) as string,
  });
  await expect(readPlan(table, id)).resolves.toMatchObject({ status: 'open' });
});

test('an approval holds when only the handles and the day are others', async () => {
  const handles = { lastUsed: '2026-11-20' };
  const rule: Rule = {
    ...exampleRule,
    observe: {
      ...exampleRule.observe,
      get: async (resource, context) => {
        const found = await exampleRule.observe.get(resource, context);
        return found && { ...found, handles: { ...handles } };
      },
    },
  };
  const { ask, approve, state } = openDoors({ rule });
  const planId = await approve();
  handles.lastUsed = '2026-11-21';
  state.now = days(1);
  await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed', planId });
});

describe('a proof that was used before', () => {
  const SIGNED = `${JO}#f00d`;
  const SPENT = {
    status: 'refused',
    reason: `This identity proof of ${JO} was used for a decision before. Make a new one.`,
  };

  test('a used proof approves nothing, not even the same plan when it is opened again', async () => {
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

  test('a proof of a refused undo is valid for the next try within the same second', async () => {
    const { ask, approve, s3 } = openDoors({ buckets: { logs: 'Suspended' } });
    const { changeId = '' } = await ask('apply', await approve());
    s3.versioning.set('logs', 'Off');
    await expect(ask('undo', changeId, { as: SIGNED })).resolves.toMatchObject({ status: 'refused' });
    s3.versioning.set('logs', 'Enabled');
    await expect(ask('undo', changeId, { as: SIGNED })).resolves.toMatchObject({ status: 'undone' });
  });

  test('a proof is not used up by a refusal or by a fault', async () => {
    const { ask, plan, state } = openDoors({ mode: 'plan' });
    const planId = await plan();
    await expect(ask('approve', planId, { as: SIGNED })).resolves.toMatchObject({ status: 'refused' });
    state.mode = 'approve';
    state.isLogUnavailable = true;
    await expect(ask('approve', planId, { as: SIGNED })).rejects.toMatchObject({ kind: 'transient' });
    state.isLogUnavailable = false;
    await expect(ask('approve', planId, { as: SIGNED })).resolves.toMatchObject({ status: 'approved' });
  });
});

test('a plan in mode plan can be rejected, but not approved', async () => {
  const { ask, plan } = openDoors({ mode: 'plan' });
  const planId = await plan();
  await expect(ask('approve', planId)).resolves.toMatchObject({
    status: 'refused',
    reason: expect.stringContaining(
      "'plan' in account 111122223333. Approval needs mode 'approve'",
    ) as string,
  });
  await expect(ask('reject', planId)).resolves.toMatchObject({ status: 'rejected' });
});

test('an approval can be rejected until it is applied', async () => {
  const { ask, approve, writes } = openDoors();
  const planId = await approve();
  await expect(ask('reject', planId, { as: SAM })).resolves.toMatchObject({ status: 'rejected' });
  await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'refused' });
  expect(writes()).toEqual([]);
});

describe('apply', () => {
  test('an approved plan is fixed, verified and published with its steps and the person who asked', async () => {
    const { ask, approve, published, opened, table, s3 } = openDoors();
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
      appliedByChange: answer.changeId,
    });
    expect(published('remediation-finished').at(-1)).toMatchObject({
      outcome: 'fixed',
      actor: JO,
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

  test('an apply runs in the partition of the caller', async () => {
    const { ask, approve, opened } = openDoors();
    const planId = await approve();
    await ask('apply', planId, { as: JO.replace('arn:aws:', 'arn:aws-cn:') });
    expect(opened.at(-1)).toMatchObject({ partition: 'aws-cn' });
  });

  test.each(['approve', 'apply'] as const)(
    '%s is refused in an account that is no longer the management account, whose rule it is',
    async (action) => {
      const { organization } = settingsWith();
      const withManagement = (managementAccountId: string) => ({
        organization: { ...organization, managementAccountId },
      });
      const doors = openDoors({
        rule: { ...exampleRule, only: 'management-account' },
        settings: withManagement('111122223333'),
      });
      const planId = await (action === 'apply' ? doors.approve() : doors.plan());
      const { length } = doors.opened;
      doors.state.settings = withManagement('444455556666');
      await expect(doors.ask(action, planId)).resolves.toEqual({
        status: 'refused',
        reason: 'EXAMPLE_KEEP_VERSIONS concerns the management account only.',
      });
      expect(doors.opened).toHaveLength(length);
      expect(doors.writes()).toEqual([]);
    },
  );

  const early: [string, (doors: ReturnType<typeof openDoors>) => void, string][] = [
    ['an apply while the stop switch is on', ({ state }) => (state.stopped = true), 'stop switch'],
    [
      'an apply in mode plan',
      ({ state }) => (state.mode = 'plan'),
      "mode of EXAMPLE_KEEP_VERSIONS is 'plan'",
    ],
    ['an apply of an expired plan', ({ state }) => (state.now = days(14)), 'expired at'],
    [
      'an apply in an account that left the settings',
      ({ state }) => (state.settings = { accounts: [{ id: '444455556666', name: 'other' }] }),
      'not in the settings',
    ],
  ];
  test.each(early)('%s is refused before a role is assumed', async (_, prepare, reason) => {
    const doors = openDoors();
    const planId = await doors.approve();
    const { length } = doors.opened;
    prepare(doors);
    await expect(doors.ask('apply', planId)).resolves.toEqual({
      status: 'refused',
      reason: expect.stringContaining(reason) as string,
    });
    expect(doors.opened).toHaveLength(length);
    await expect(readPlan(doors.table, planId)).resolves.toMatchObject({ status: 'approved' });
  });

  test('an apply of an open plan is refused, and names the command that approves it', async () => {
    const { ask, plan, writes } = openDoors();
    const planId = await plan();
    await expect(ask('apply', planId)).resolves.toEqual({
      status: 'refused',
      reason: `${planId} is open. Approve it first: compliance approve ${planId}`,
    });
    expect(writes()).toEqual([]);
  });

  test('two concurrent applies of a plan write once', async () => {
    const { ask, approve, writes } = openDoors();
    const planId = await approve();
    await expect(
      Promise.allSettled([ask('apply', planId), ask('apply', planId, { as: SAM })]),
    ).resolves.toMatchObject([{ value: { status: 'fixed' } }, { value: { status: 'refused' } }]);
    await expect(ask('apply', planId, { as: SAM })).resolves.toMatchObject({
      status: 'refused',
      reason: expect.stringContaining(`${planId} is applied`) as string,
    });
    expect(writes()).toHaveLength(1);
  });

  test('a second apply is refused, because an approval is valid for one change', async () => {
    const { ask, approve, s3, writes } = openDoors();
    const planId = await approve();
    await ask('apply', planId);
    s3.versioning.set('logs', 'Off');
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'refused' });
    expect(writes()).toHaveLength(1);
  });

  test('a plan that was edited in the table is refused, and nothing is done', async () => {
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
        reason: `${planId} was edited in the state table after it was planned. The next sweep plans the fix again.`,
      });
    expect(writes()).toEqual([]);
  });

  test('an apply is skipped when the resource is compliant', async () => {
    const { ask, approve, s3, published, writes } = openDoors();
    const planId = await approve();
    s3.versioning.set('logs', 'Enabled');
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'skipped' });
    expect(published('remediation-finished').at(-1)).toMatchObject({ outcome: 'skipped', actor: JO });
    expect(writes()).toEqual([]);
  });

  test('an apply on a resource that changed supersedes the plan', async () => {
    const { ask, approve, s3, published, table, writes } = openDoors();
    const planId = await approve();
    s3.versioning.set('logs', 'Suspended');
    const answer = await ask('apply', planId);
    expect(answer).toMatchObject({
      status: 'planned',
      reason: `The resource changed after ${planId} was planned. Approve ${answer.planId} instead.`,
    });
    expect(writes()).toEqual([]);
    await expect(readPlan(table, planId)).resolves.toMatchObject({
      status: 'superseded',
      supersededBy: answer.planId,
    });
    await expect(readPlan(table, answer.planId ?? '')).resolves.toMatchObject({ status: 'open' });
    expect(published('plan-created').at(-1)).toMatchObject({
      plan: { id: answer.planId, facts: { status: 'Suspended' } },
      withheld: `It supersedes ${planId}.`,
      owner: 'team-prod',
    });
    expect(published('plan-decided').at(-1)).toMatchObject({ planId, decision: 'superseded', actor: JO });
  });

  test('an apply is manual when the rule leaves the fix to a person by then', async () => {
    let isManual = false;
    const manual: Rule = { ...exampleRule, fix: () => ({ manual: 'Ask the owner.' }) };
    const loadRule = async () => (isManual ? manual : exampleRule);
    const { ask, approve, writes } = openDoors({ dependencies: { loadRule } });
    const planId = await approve();
    isManual = true;
    await expect(ask('apply', planId)).resolves.toEqual({ status: 'human', reason: 'Ask the owner.' });
    expect(writes()).toEqual([]);
  });

  test('an apply whose first call fails is failed, and published with the person who asked', async () => {
    const denied = on(S3Client, PutBucketVersioningCommand, () => {
      throw awsError('AccessDenied', 'not you', 403);
    });
    const { ask, approve, published } = openDoors({ answers: [denied] });
    const planId = await approve();
    await expect(ask('apply', planId)).resolves.toMatchObject({
      status: 'failed',
      planId,
      reason: 'Step 1 failed, 0 done before it: AccessDenied: not you',
    });
    expect(published('remediation-finished').at(-1)).toMatchObject({ outcome: 'failed', actor: JO });
  });
});

describe('an approval that stays valid', () => {
  test('an approval stays valid when the budgets are exhausted, and is applied in the next hour', async () => {
    const settings = { limits: { fixesPerHour: { ruleAndAccount: 1 } } };
    const { ask, approve, state, table, writes } = openDoors({ settings });
    const planId = await approve();
    const { limits } = parseSettings(settingsWith(settings));
    const other = { command: 'EXAMPLE_KEEP_VERSIONS', accountId: '111122223333', region: 'eu-west-1' };
    await spendBudgets({ ...other, resourceId: 'other' }, { table, limits, now: NOON, accounts: 1 });
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

  test('an approval stays valid when the change could not begin, and is applied by the next try', async () => {
    const { rule, state: policy, document } = passwordRule();
    let reads = 0;
    const held = {
      ...document,
      read: async (...args: Parameters<typeof document.read>) => {
        reads += 1;
        // The first plan reads it, then the plan of the apply, then the step.
        if (reads === 3) throw transient('lease-held', 'The document is leased by change-x.');
        return document.read(...args);
      },
    };
    const fix: Rule['fix'] = () =>
      change({
        description: 'Require better passwords',
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

  test('an approval stays valid when the exemptions cannot be read', async () => {
    const loadExemptions = () => Promise.reject(transient('not-published', 'x'));
    const all = openDoors();
    const planId = await all.approve();
    const broken = openDoors({ dependencies: { loadExemptions, table: all.table } });
    await expect(broken.ask('apply', planId)).rejects.toMatchObject({ code: 'not-published' });
    expect(broken.writes()).toEqual([]);
    await expect(all.ask('apply', planId)).resolves.toMatchObject({ status: 'fixed' });
  });
});

describe('an approved edit of a shared document', () => {
  test('an approved edit is applied under its plan’s id when somebody else made a part of it', async () => {
    const { rule, state } = passwordRule();
    const { ask, approve, table } = openDoors({ rule });
    const planId = await approve();
    state.content = { MinimumPasswordLength: 8, RequireNumbers: true, MaxPasswordAge: 90 };
    const answer = await ask('apply', planId);
    expect(answer).toMatchObject({ status: 'fixed', planId });
    expect(state.content).toEqual({ MinimumPasswordLength: 14, RequireNumbers: true, MaxPasswordAge: 90 });
    const stored = await readChange(table, answer.changeId ?? '');
    expect(stored?.journal.header.planId).toBe(planId);
    expect(stored?.entries).toMatchObject([
      { intent: { difference: [{ path: ['MinimumPasswordLength'], before: 8, after: 14 }] } },
    ]);
  });

  test('an approved edit is applied when somebody else changed another path, which stays', async () => {
    const { rule, state } = passwordRule();
    const { ask, approve } = openDoors({ rule });
    const planId = await approve();
    state.content = { MinimumPasswordLength: 8, RequireNumbers: false, MaxPasswordAge: 30 };
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'fixed', planId });
    expect(state.content).toMatchObject({ MaxPasswordAge: 30 });
  });

  test.each([
    ['a different document', { MinimumPasswordLength: 6, RequireNumbers: false }],
    ['a document without the member', { RequireNumbers: false }],
  ])('an approved edit is planned again on %s', async (_, content) => {
    const { rule, state } = passwordRule();
    const { ask, approve, table } = openDoors({ rule });
    const planId = await approve();
    state.content = content;
    const answer = await ask('apply', planId);
    expect(answer.status).toBe('planned');
    expect(answer.planId).not.toBe(planId);
    expect(state).toMatchObject({ content, writes: 0 });
    await expect(Array.fromAsync(listPlans(table))).resolves.toHaveLength(2);
  });

  test('an approved edit is planned again when more is left to do', async () => {
    const { rule, state } = passwordRule();
    state.content = { MinimumPasswordLength: 8, RequireNumbers: true };
    const { ask, approve } = openDoors({ rule });
    const planId = await approve();
    state.content = { MinimumPasswordLength: 8, RequireNumbers: false };
    await expect(ask('apply', planId)).resolves.toMatchObject({ status: 'planned' });
    expect(state.writes).toBe(0);
  });
});
