import { describe, expect, test } from 'vitest';

import { AccountId } from '../../src/base/account-id.ts';
import { planIdOf, type Plan } from '../../src/plan/plan.ts';
import { listPlans, transitionPlan, readPlan, storePlan } from '../../src/state/plans.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';

const now = new Date('2026-11-20T12:00:00Z');
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const found: Omit<Plan, 'id'> = {
  command: 'EXAMPLE_KEEP_VERSIONS',
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
  facts: { status: 'Off' },
  annotation: 'Versioning is Off.',
  description: 'Turn versioning on',
  risk: 'safe',
  steps: [],
};
const plan: Plan = { id: planIdOf(found), ...found };
const decision = { by: 'arn:aws:sts::999988887777:assumed-role/ops/jo', at: now.toISOString() };
const approve = { planId: plan.id, from: ['open'], to: 'approved', now, decision } as const;
const recorded = async () => {
  const table = memoryTable();
  await storePlan(table, { plan, now, ttlDays: 14 });
  return table;
};

describe('recordPlan', () => {
  test('keeps a plan open, with why it was withheld and until when it counts', async () => {
    const table = memoryTable();
    await expect(
      storePlan(table, { plan, now, ttlDays: 14, withheld: 'The mode is plan.', owner: 'team-prod' }),
    ).resolves.toMatchObject({ version: 1 });
    await expect(readPlan(table, plan.id)).resolves.toEqual({
      plan,
      status: 'open',
      createdAt: now.toISOString(),
      expiresAt: days(14).toISOString(),
      withheld: 'The mode is plan.',
      owner: 'team-prod',
    });
  });

  test('takes the same finding for one plan', async () => {
    const table = await recorded();
    await expect(storePlan(table, { plan, now: days(1), ttlDays: 14 })).resolves.toMatchObject({
      version: 1,
    });
    await expect(Array.fromAsync(listPlans(table))).resolves.toHaveLength(1);
  });

  test.each([['approved'], ['rejected']] as const)('leaves a plan that was %s as it is', async (to) => {
    const table = await recorded();
    await transitionPlan(table, { ...approve, to });
    await expect(storePlan(table, { plan, now, ttlDays: 14 })).resolves.toMatchObject({
      data: { status: to },
    });
    expect((await readPlan(table, plan.id))?.status).toBe(to);
  });

  test.each([['applied'], ['superseded']] as const)(
    'opens a plan anew that was %s: the finding came back',
    async (to) => {
      const table = await recorded();
      await transitionPlan(table, { ...approve, to });
      await storePlan(table, { plan, now: days(1), ttlDays: 14 });
      await expect(readPlan(table, plan.id)).resolves.toMatchObject({
        status: 'open',
        createdAt: days(1).toISOString(),
      });
    },
  );

  test('opens a plan anew that expired, a rejected one included', async () => {
    const table = await recorded();
    await transitionPlan(table, { ...approve, to: 'rejected' });
    await storePlan(table, { plan, now: days(14), ttlDays: 14 });
    const record = await readPlan(table, plan.id);
    expect(record).toMatchObject({ status: 'open' });
    expect(record).not.toHaveProperty('decision');
  });

  test('of two at once, one records it', async () => {
    const table = memoryTable();
    const both = [1, 2].map(() => storePlan(table, { plan, now, ttlDays: 14 }));
    expect((await Promise.all(both)).map(({ version }) => version)).toEqual([1, 1]);
  });
});

describe('a plan that somebody edited in the table', () => {
  const edits: [string, (record: { plan: Plan }) => object][] = [
    ['in its steps', (record) => ({ ...record, plan: { ...record.plan, steps: [anything] } })],
    ['in what it is about', (record) => ({ ...record, plan: { ...record.plan, region: 'eu-west-2' } })],
    ['to be another, under its name', (record) => ({ ...record, plan: { ...other, id: planIdOf(other) } })],
  ];
  const other = { ...found, facts: { status: 'Suspended' } };
  const anything: Plan['steps'][number] = {
    type: 'call',
    operation: 's3:DeleteBucket',
    input: { Bucket: 'logs' },
    undo: { impossible: 'It is gone.' },
  };
  const edited = async (edit: (typeof edits)[number][1]) => {
    const table = await recorded();
    const record = await readPlan(table, plan.id);
    if (record) await table.put({ pk: 'plan', sk: plan.id, data: edit(record), expected: 1 });
    return table;
  };

  test.each(edits)('%s is neither read nor decided', async (_, edit) => {
    const table = await edited(edit);
    const altered = { kind: 'permanent', code: 'plan-altered' };
    await expect(readPlan(table, plan.id)).rejects.toMatchObject(altered);
    await expect(transitionPlan(table, approve)).rejects.toMatchObject(altered);
  });

  test.each(edits)('%s is opened anew by who finds the same again', async (_, edit) => {
    const table = await edited(edit);
    await storePlan(table, { plan, now: days(1), ttlDays: 14 });
    await expect(readPlan(table, plan.id)).resolves.toMatchObject({
      plan,
      status: 'open',
      createdAt: days(1).toISOString(),
    });
  });
});

describe('movePlan', () => {
  test('records who decided', async () => {
    const table = await recorded();
    await expect(transitionPlan(table, approve)).resolves.toMatchObject({
      data: { status: 'approved', decision },
    });
    await expect(readPlan(table, plan.id)).resolves.toMatchObject({ status: 'approved', decision });
  });

  test('keeps the decision when the plan is applied, and names the change', async () => {
    const table = await recorded();
    await transitionPlan(table, approve);
    await transitionPlan(table, {
      planId: plan.id,
      from: ['approved'],
      to: 'applied',
      now,
      appliedByChange: 'change-1',
    });
    await expect(readPlan(table, plan.id)).resolves.toMatchObject({
      status: 'applied',
      decision,
      appliedByChange: 'change-1',
    });
  });

  test('of two who decide at once, one does, and the other learns who', async () => {
    const table = await recorded();
    const both = [approve, { ...approve, to: 'rejected' } as const].map((move) =>
      transitionPlan(table, move),
    );
    const results = await Promise.allSettled(both);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(results.find((one) => one.status === 'rejected')?.reason).toMatchObject({
      code: 'plan-decided',
      message: expect.stringContaining(decision.by) as string,
    });
  });

  test.each([
    ['unknown-plan', { planId: 'plan-2' }],
    ['plan-decided', { from: ['rejected'] as const }],
    ['plan-expired', { now: days(14) }],
  ])('refuses: %s', async (code, over) => {
    const table = await recorded();
    await expect(transitionPlan(table, { ...approve, ...over })).rejects.toMatchObject({
      kind: 'permanent',
      code,
    });
    expect((await readPlan(table, plan.id))?.status).toBe('open');
  });
});

test('a plan that nobody made is not there', async () => {
  await expect(readPlan(memoryTable(), plan.id)).resolves.toBeUndefined();
  await expect(Array.fromAsync(listPlans(memoryTable()))).resolves.toEqual([]);
});
