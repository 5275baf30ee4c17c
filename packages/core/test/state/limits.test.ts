import { describe, expect, test } from 'vitest';

import { parseSettings } from '../../src/settings/settings.ts';
import { startCooldown, cooldownReason } from '../../src/state/cooldowns.ts';
import { recordFix, flapBlocker } from '../../src/state/flaps.ts';
import { openCircuit, recordFailure } from '../../src/state/circuits.ts';
import { recordPopulation, spendBudgets } from '../../src/state/limits.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const now = new Date('2026-11-20T12:30:00Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const target = { command: 'A_B', accountId: '111122223333', region: 'eu-west-1', resourceId: 'logs' };
const limitsOf = (limits: object) => parseSettings(settingsWith({ limits })).limits;

const spend = async (
  count: number,
  limits: object,
  {
    over = {},
    table = memoryTable(),
    at = now,
    accounts = 1,
  }: { over?: object; table?: ReturnType<typeof memoryTable>; at?: Date; accounts?: number } = {},
) => {
  const spent: (string | undefined)[] = [];
  for (let index = 0; index < count; index += 1)
    spent.push(
      await spendBudgets({ ...target, ...over }, { table, limits: limitsOf(limits), now: at, accounts }),
    );
  return { spent, table };
};
const allowed = (spent: readonly (string | undefined)[]) =>
  spent.filter((reason) => reason === undefined).length;

describe('the budget of fixes', () => {
  test('the budget of a rule in an account is limited, and the reason names it', async () => {
    const { spent } = await spend(4, { fixesPerHour: { ruleAndAccount: 3 } });
    expect(allowed(spent)).toBe(3);
    expect(spent.at(-1)).toBe('The limit of 3 fixes an hour of A_B in 111122223333 is reached.');
  });

  test('the budget of the organization is shared by rules and accounts', async () => {
    const limits = { fixesPerHour: { organization: 3 } };
    const { table } = await spend(2, limits);
    const { spent } = await spend(2, limits, { table, over: { command: 'C_D', accountId: '444455556666' } });
    expect(spent).toEqual([undefined, 'The limit of 3 fixes an hour in the organization is reached.']);
  });

  test('each rule and account has its own budget', async () => {
    const limits = { fixesPerHour: { ruleAndAccount: 1 } };
    const { table } = await spend(1, limits);
    for (const over of [{ command: 'C_D' }, { accountId: '444455556666' }])
      expect((await spend(1, limits, { table, over })).spent).toEqual([undefined]);
  });

  test('a budget is renewed every hour', async () => {
    const limits = { fixesPerHour: { ruleAndAccount: 1 } };
    const { table } = await spend(2, limits);
    expect((await spend(1, limits, { table, at: hours(1) })).spent).toEqual([undefined]);
  });

  test('a budget of 0 allows nothing', async () => {
    for (const limits of [{ fixesPerHour: { ruleAndAccount: 0 } }, { fixesPerHour: { organization: 0 } }])
      expect(allowed((await spend(1, limits)).spent)).toBe(0);
  });

  test.each([
    [12, 0.25, 3],
    [3, 0.25, 1],
    [100, 0, 1],
  ])('the budget of %i resources with a share of %d is %i', async (resources, maxSharePerHour, expected) => {
    const table = memoryTable();
    await recordPopulation(table, target, resources);
    const { spent } = await spend(8, { maxSharePerHour }, { table });
    expect(allowed(spent)).toBe(expected);
    expect(spent.at(-1)).toContain(`of the ${resources} resources`);
  });

  test('a share of 1 is not a limit', async () => {
    const table = memoryTable();
    await recordPopulation(table, target, 4);
    expect(allowed((await spend(8, { maxSharePerHour: 1 }, { table })).spent)).toBe(8);
  });

  test('a share is of the latest population', async () => {
    const table = memoryTable();
    for (const resources of [4, 100, 100, 8]) await recordPopulation(table, target, resources);
    expect(allowed((await spend(9, { maxSharePerHour: 0.5 }, { table })).spent)).toBe(4);
  });

  test('a share is not a limit while the population is unknown', async () => {
    expect(allowed((await spend(9, { maxSharePerHour: 0.01 })).spent)).toBe(9);
  });

  test('a storm in one account leaves others their part of the organization’s budget', async () => {
    const limits = { fixesPerHour: { organization: 100, ruleAndAccount: 1000 } };
    const several = { accounts: 5 };
    const { spent, table } = await spend(200, limits, several);
    expect(allowed(spent)).toBe(80);
    expect(spent.at(-1)).toBe(
      'The limit of 80 fixes an hour in 111122223333, 80 % of those in the organization is reached.',
    );
    const other = { ...several, table, over: { accountId: '444455556666' } };
    expect(allowed((await spend(200, limits, other)).spent)).toBe(20);
  });

  test('an account takes a fifth of the organization’s budget while another one has work', async () => {
    const limits = { fixesPerHour: { organization: 100, ruleAndAccount: 1000 } };
    const { table } = await spend(1, limits, { accounts: 5, over: { accountId: '444455556666' } });
    const storm = { accounts: 5, table };
    expect(allowed((await spend(200, limits, { ...storm, at: hours(5) })).spent)).toBe(20);
    // The other one asked for nothing within a day.
    expect(allowed((await spend(200, limits, { ...storm, at: hours(30) })).spent)).toBe(80);
  });

  test('a fix that a narrow budget refuses does not use up a wider one', async () => {
    const limits = { fixesPerHour: { ruleAndAccount: 1, organization: 2 } };
    const { table } = await spend(5, limits);
    expect((await spend(1, limits, { table, over: { command: 'C_D' } })).spent).toEqual([undefined]);
  });
});

describe('failed fixes of a rule', () => {
  const context = (at = now) => ({ limits: limitsOf({ failuresPerHour: 2 }), now: at });

  const OTHERS = ['222222222222', '333333333333', '444455556666'] as const;
  const setUp = () => {
    const table = memoryTable();
    return {
      fail: (accountId = target.accountId, isOwn = false) =>
        recordFailure({ ...target, accountId }, { table, now, isOwn }),
      open: (over: object = {}, at = now) => openCircuit({ ...target, ...over }, { table, ...context(at) }),
    };
  };

  test('failed fixes in one account open the circuit breaker of the rule there alone, for the hour', async () => {
    const { fail, open } = setUp();
    await fail();
    await expect(open()).resolves.toBeUndefined();
    for (let count = 0; count < 9; count += 1) await fail();
    await expect(open()).resolves.toBe('account');
    for (const over of [{ accountId: OTHERS[0] }, { command: 'C_D' }])
      await expect(open(over)).resolves.toBeUndefined();
    await expect(open({}, hours(1))).resolves.toBeUndefined();
  });

  test('failed fixes in two accounts leave the others alone, and in a third one stop the rule everywhere', async () => {
    const { fail, open } = setUp();
    const [first, second, third] = OTHERS;
    for (const accountId of [first, second]) for (let count = 0; count < 5; count += 1) await fail(accountId);
    await expect(open()).resolves.toBeUndefined();
    await fail(third);
    await expect(open()).resolves.toBe('organization');
    await expect(open({ command: 'C_D' })).resolves.toBeUndefined();
  });

  test('fixes that members deny themselves stop none but those members', async () => {
    const { fail, open } = setUp();
    for (const accountId of OTHERS) for (let count = 0; count < 5; count += 1) await fail(accountId, true);
    await expect(open()).resolves.toBeUndefined();
    await expect(open({ accountId: OTHERS[0] })).resolves.toBe('account');
  });
});

describe('a resource that is fixed again and again', () => {
  const flaps = { times: 2, hours: 24 };
  const principal = 'arn:aws:sts::111122223333:assumed-role/pipeline/run';
  const changedBy = { principal, eventName: 'PutBucketVersioning', time: hours(2).toISOString() };
  const nobody = async () => undefined;

  test('a flapping resource is blocked until its first fix is out of the window', async () => {
    const table = memoryTable();
    await recordFix(target, { table, flaps, now });
    await expect(flapBlocker(target, { table, flaps, now, whoChanged: nobody })).resolves.toBeUndefined();
    await recordFix(target, { table, flaps, now: hours(1) });
    await expect(flapBlocker(target, { table, flaps, now: hours(2), whoChanged: nobody })).resolves.toEqual({
      reason:
        'The resource was fixed 2 times in 24 hours, and something unknown reverts the fix. Find it and stop it first.',
      blockedBy: 'flapping',
    });
    await expect(
      flapBlocker(target, { table, flaps, now: hours(24), whoChanged: nobody }),
    ).resolves.toBeUndefined();
  });

  test('a flapping resource does not block another resource, rule or Region', async () => {
    const table = memoryTable();
    for (const at of [now, hours(1)]) await recordFix(target, { table, flaps, now: at });
    for (const over of [{ resourceId: 'other' }, { command: 'C_D' }, { region: 'us-east-1' }])
      await expect(
        flapBlocker({ ...target, ...over }, { table, flaps, now, whoChanged: nobody }),
      ).resolves.toBeUndefined();
  });

  test('concurrent fixes of a resource are all counted', async () => {
    const table = memoryTable();
    await Promise.all([now, hours(1)].map((at) => recordFix(target, { table, flaps, now: at })));
    await expect(
      flapBlocker(target, { table, flaps, now: hours(1), whoChanged: nobody }),
    ).resolves.toMatchObject({ reason: expect.stringContaining('2 times') as string });
  });

  test('the reason of a flapping resource names who has reverted the fix since the first one', async () => {
    const table = memoryTable();
    for (const at of [hours(1), now]) await recordFix(target, { table, flaps, now: at });
    const asked: Date[] = [];
    const whoChanged = async (since: Date) => (asked.push(since), changedBy);
    await expect(flapBlocker(target, { table, flaps, now: hours(3), whoChanged })).resolves.toEqual({
      reason: `The resource was fixed 2 times in 24 hours, and ${principal} reverts the fix (PutBucketVersioning, ${changedBy.time}). Stop that first.`,
      blockedBy: 'flapping',
      changedBy,
    });
    expect(asked).toEqual([now]);
  });
});

describe('a resource whose fix a person undid', () => {
  const cooldown = { by: 'jo', until: hours(24).toISOString(), changeId: 'change-1' };

  test('a cooldown lasts until its end', async () => {
    const table = memoryTable();
    await expect(cooldownReason(table, target, now)).resolves.toBeUndefined();
    await startCooldown(table, target, cooldown);
    await expect(cooldownReason(table, target, now)).resolves.toContain('jo undid change-1');
    await expect(cooldownReason(table, { ...target, command: 'C_D' }, now)).resolves.toBeUndefined();
    await expect(cooldownReason(table, target, hours(24))).resolves.toBeUndefined();
  });

  test('the next undo renews the cooldown', async () => {
    const table = memoryTable();
    await startCooldown(table, target, cooldown);
    await startCooldown(table, target, { ...cooldown, until: hours(48).toISOString(), changeId: 'change-2' });
    await expect(cooldownReason(table, target, hours(30))).resolves.toContain('change-2');
  });
});
