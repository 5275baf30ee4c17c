import { describe, expect, test } from 'vitest';

import type { Plan } from '../../src/plan/plan.ts';
import { listPlans, transitionPlan, readPlan, storePlan } from '../../src/state/plans.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { samplePlan } from '../sample-plan.ts';

const now = new Date('2026-11-20T12:00:00Z');
const days = (count: number) => new Date(now.getTime() + count * 86_400_000);
const plan = samplePlan({ risk: 'disruptive' });
const decision = { by: 'arn:aws:sts::999988887777:assumed-role/ops/jo', at: now.toISOString() };
const approve = { planId: plan.id, from: ['open'], to: 'approved', now, decision } as const;
const stored = async () => {
  const table = memoryTable();
  await storePlan(table, { plan, now, ttlDays: 14 });
  return table;
};

describe('storePlan', () => {
  test('a stored plan is open, with the reason it is withheld and its expiry', async () => {
    const table = memoryTable();
    await expect(
      storePlan(table, { plan, now, ttlDays: 14, withheld: 'The mode is plan.', owner: 'team-prod' }),
    ).resolves.toMatchObject({ row: { version: 1 } });
    await expect(readPlan(table, plan.id)).resolves.toEqual({
      plan,
      status: 'open',
      createdAt: now.toISOString(),
      expiresAt: days(14).toISOString(),
      withheld: 'The mode is plan.',
      owner: 'team-prod',
      round: 1,
    });
  });

  test('the same violation is one plan', async () => {
    const table = await stored();
    await expect(storePlan(table, { plan, now: days(1), ttlDays: 14 })).resolves.toMatchObject({
      row: { version: 1 },
    });
    await expect(Array.fromAsync(listPlans(table))).resolves.toHaveLength(1);
  });

  test.each([['approved'], ['rejected']] as const)(
    'a plan that was %s stays as it is when it is stored again',
    async (to) => {
      const table = await stored();
      await transitionPlan(table, { ...approve, to });
      await expect(storePlan(table, { plan, now, ttlDays: 14 })).resolves.toMatchObject({
        data: { status: to },
      });
      expect((await readPlan(table, plan.id))?.status).toBe(to);
    },
  );

  test.each([['applied'], ['superseded']] as const)(
    'a plan that was %s is opened again when the violation is back',
    async (to) => {
      const table = await stored();
      await transitionPlan(table, { ...approve, to });
      await storePlan(table, { plan, now: days(1), ttlDays: 14 });
      await expect(readPlan(table, plan.id)).resolves.toMatchObject({
        status: 'open',
        createdAt: days(1).toISOString(),
      });
    },
  );

  test('an expired plan is opened again, even if it was rejected', async () => {
    const table = await stored();
    await transitionPlan(table, { ...approve, to: 'rejected' });
    await storePlan(table, { plan, now: days(14), ttlDays: 14 });
    const record = await readPlan(table, plan.id);
    expect(record).toMatchObject({ status: 'open' });
    expect(record).not.toHaveProperty('decision');
  });

  test('of two concurrent runs, one stores the plan', async () => {
    const table = memoryTable();
    const both = [1, 2].map(() => storePlan(table, { plan, now, ttlDays: 14 }));
    expect((await Promise.all(both)).map(({ row }) => row.version)).toEqual([1, 1]);
  });
});

describe('a plan that somebody edited in the table', () => {
  const edits: [string, (record: { plan: Plan }) => object][] = [
    ['a plan edited in its steps', (record) => ({ ...record, plan: { ...record.plan, steps: [anything] } })],
    [
      'a plan edited in its Region',
      (record) => ({ ...record, plan: { ...record.plan, region: 'eu-west-2' } }),
    ],
    ['a plan replaced by another', (record) => ({ ...record, plan: other })],
    ['a plan edited in its risk', (record) => ({ ...record, plan: { ...record.plan, risk: 'safe' } })],
    ['a plan edited in its text', (record) => ({ ...record, plan: { ...record.plan, description: 'Less' } })],
    ['a plan that says it is approved', (record) => ({ ...record, status: 'approved', decision })],
  ];
  const other = samplePlan({ facts: { status: 'Suspended' } });
  const anything: Plan['steps'][number] = {
    type: 'call',
    operation: 's3:DeleteBucket',
    input: { Bucket: 'logs' },
    undo: { impossible: 'It is gone.' },
  };
  const edited = async (edit: (typeof edits)[number][1]) => {
    const table = await stored();
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

  test.each(edits)('%s is opened again by the next run that finds the same', async (_, edit) => {
    const table = await edited(edit);
    await storePlan(table, { plan, now: days(1), ttlDays: 14 });
    await expect(readPlan(table, plan.id)).resolves.toMatchObject({
      plan,
      status: 'open',
      createdAt: days(1).toISOString(),
    });
  });
});

test('a plan whose row was edited after its approval is altered, although its id holds', async () => {
  const table = await stored();
  await transitionPlan(table, approve);
  const row = await table.get('plan', plan.id);
  const data = { ...(row?.data as object), owner: 'somebody else' };
  await table.put({ pk: 'plan', sk: plan.id, data, expected: row?.version ?? 0 });
  await expect(readPlan(table, plan.id)).rejects.toMatchObject({ code: 'plan-altered' });
  await storePlan(table, { plan, now: days(1), ttlDays: 14 });
  await expect(readPlan(table, plan.id)).resolves.toMatchObject({ status: 'open' });
});

test('a decision is valid for the round in which it was made, also when both rounds begin at once', async () => {
  const table = await stored();
  await transitionPlan(table, approve);
  await transitionPlan(table, { planId: plan.id, from: ['approved'], to: 'applied', now });
  await storePlan(table, { plan, now, ttlDays: 14 });
  await expect(readPlan(table, plan.id)).resolves.toMatchObject({ status: 'open', round: 2 });
});

test('a decision is a row of its own, and the row of the plan stays as it was', async () => {
  const table = await stored();
  const before = await table.get('plan', plan.id);
  await transitionPlan(table, approve);
  await expect(table.get('plan', plan.id)).resolves.toEqual(before);
  await expect(table.get('decision', plan.id)).resolves.toMatchObject({
    data: { planId: plan.id, status: 'approved', round: 1, decision },
  });
});

describe('transitionPlan', () => {
  test('a transition records who decided', async () => {
    const table = await stored();
    await expect(transitionPlan(table, approve)).resolves.toMatchObject({
      data: { status: 'approved', decision },
    });
    await expect(readPlan(table, plan.id)).resolves.toMatchObject({ status: 'approved', decision });
  });

  test('an applied plan keeps the decision and names the change', async () => {
    const table = await stored();
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

  test('of two concurrent decisions, one succeeds and the other learns who decided', async () => {
    const table = await stored();
    const both = [approve, { ...approve, to: 'rejected' } as const].map((transition) =>
      transitionPlan(table, transition),
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
  ])('a transition is refused with %s', async (code, over) => {
    const table = await stored();
    await expect(transitionPlan(table, { ...approve, ...over })).rejects.toMatchObject({
      kind: 'permanent',
      code,
    });
    expect((await readPlan(table, plan.id))?.status).toBe('open');
  });
});

test('an unknown plan is undefined', async () => {
  await expect(readPlan(memoryTable(), plan.id)).resolves.toBeUndefined();
  await expect(Array.fromAsync(listPlans(memoryTable()))).resolves.toEqual([]);
});
