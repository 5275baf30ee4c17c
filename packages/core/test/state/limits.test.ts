import { describe, expect, test } from 'vitest';

import { parseSettings } from '../../src/settings/settings.ts';
import { recordFix, flapBlocker } from '../../src/state/flaps.ts';
import { startCooldown, cooldownReason } from '../../src/state/cooldowns.ts';
import { recordFailure, isCircuitOpen, recordPopulation, spendBudgets } from '../../src/state/limits.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { settingsWith } from '../../src/testing/settings-with.ts';

const now = new Date('2026-11-20T12:30:00Z');
const hours = (count: number) => new Date(now.getTime() + count * 3_600_000);
const target = { command: 'A_B', accountId: '111122223333', region: 'eu-west-1', resourceId: 'logs' };
const limitsOf = (limits: object) => parseSettings(settingsWith({ limits })).limits;

const take = async (
  count: number,
  limits: object,
  {
    over = {},
    table = memoryTable(),
    at = now,
  }: { over?: object; table?: ReturnType<typeof memoryTable>; at?: Date } = {},
) => {
  const taken: (string | undefined)[] = [];
  for (let index = 0; index < count; index += 1)
    taken.push(await spendBudgets({ ...target, ...over }, { table, limits: limitsOf(limits), now: at }));
  return { taken, table };
};
const allowed = (taken: readonly (string | undefined)[]) => taken.filter((why) => why === undefined).length;

describe('the budget of fixes', () => {
  test('of a rule in an account ends, and says which', async () => {
    const { taken } = await take(4, { fixesPerHour: { ruleAndAccount: 3 } });
    expect(allowed(taken)).toBe(3);
    expect(taken.at(-1)).toBe('The limit of 3 fixes an hour of A_B in 111122223333 is reached.');
  });

  test('of the organization is shared by rules and accounts', async () => {
    const limits = { fixesPerHour: { organization: 3 } };
    const { table } = await take(2, limits);
    const { taken } = await take(2, limits, { table, over: { command: 'C_D', accountId: '444455556666' } });
    expect(taken).toEqual([undefined, 'The limit of 3 fixes an hour in the organization is reached.']);
  });

  test('of one rule and account is not another’s', async () => {
    const limits = { fixesPerHour: { ruleAndAccount: 1 } };
    const { table } = await take(1, limits);
    for (const over of [{ command: 'C_D' }, { accountId: '444455556666' }])
      expect((await take(1, limits, { table, over })).taken).toEqual([undefined]);
  });

  test('begins anew with the hour', async () => {
    const limits = { fixesPerHour: { ruleAndAccount: 1 } };
    const { table } = await take(2, limits);
    expect((await take(1, limits, { table, at: hours(1) })).taken).toEqual([undefined]);
  });

  test('of nothing allows nothing', async () => {
    for (const limits of [{ fixesPerHour: { ruleAndAccount: 0 } }, { fixesPerHour: { organization: 0 } }])
      expect(allowed((await take(1, limits)).taken)).toBe(0);
  });

  test.each([
    [12, 0.25, 3],
    [3, 0.25, 1],
    [100, 0, 1],
  ])('of %i resources and a share of %d is %i', async (resources, maxSharePerHour, expected) => {
    const table = memoryTable();
    await recordPopulation(table, target, resources);
    const { taken } = await take(8, { maxSharePerHour }, { table });
    expect(allowed(taken)).toBe(expected);
    expect(taken.at(-1)).toContain(`of the ${resources} resources`);
  });

  test('of all of the resources is no limit', async () => {
    const table = memoryTable();
    await recordPopulation(table, target, 4);
    expect(allowed((await take(8, { maxSharePerHour: 1 }, { table })).taken)).toBe(8);
  });

  test('follows the population that was counted last', async () => {
    const table = memoryTable();
    for (const resources of [4, 100, 100, 8]) await recordPopulation(table, target, resources);
    expect(allowed((await take(9, { maxSharePerHour: 0.5 }, { table })).taken)).toBe(4);
  });

  test('has no share where nobody counted', async () => {
    expect(allowed((await take(9, { maxSharePerHour: 0.01 })).taken)).toBe(9);
  });

  test('that a narrower one refuses leaves the wider whole', async () => {
    const limits = { fixesPerHour: { ruleAndAccount: 1, organization: 2 } };
    const { table } = await take(5, limits);
    expect((await take(1, limits, { table, over: { command: 'C_D' } })).taken).toEqual([undefined]);
  });
});

describe('failed fixes of a rule', () => {
  const context = (at = now) => ({ limits: limitsOf({ failuresPerHour: 2 }), now: at });

  test('stop it for the hour, in whichever account they were', async () => {
    const table = memoryTable();
    await recordFailure(target, { table, now });
    await expect(isCircuitOpen(target, { table, ...context() })).resolves.toBe(false);
    await recordFailure({ ...target, accountId: '444455556666' }, { table, now });
    await expect(isCircuitOpen(target, { table, ...context() })).resolves.toBe(true);
    await expect(isCircuitOpen(target, { table, ...context() })).resolves.toBe(true);
    await expect(isCircuitOpen({ ...target, command: 'C_D' }, { table, ...context() })).resolves.toBe(false);
    await expect(isCircuitOpen(target, { table, ...context(hours(1)) })).resolves.toBe(false);
  });
});

describe('a resource that is fixed again and again', () => {
  const flaps = { times: 2, hours: 24 };
  const principal = 'arn:aws:sts::111122223333:assumed-role/pipeline/run';
  const changedBy = { principal, eventName: 'PutBucketVersioning', time: hours(2).toISOString() };
  const nobody = async () => undefined;

  test('is left alone until the first of its fixes is out of the window', async () => {
    const table = memoryTable();
    await recordFix(target, { table, flaps, now });
    await expect(flapBlocker(target, { table, flaps, now, whoChanged: nobody })).resolves.toBeUndefined();
    await recordFix(target, { table, flaps, now: hours(1) });
    await expect(flapBlocker(target, { table, flaps, now: hours(2), whoChanged: nobody })).resolves.toEqual({
      reason:
        'It was fixed 2 times in 24 hours, and something changes it back: who is not known. Find and fix that first.',
    });
    await expect(
      flapBlocker(target, { table, flaps, now: hours(24), whoChanged: nobody }),
    ).resolves.toBeUndefined();
  });

  test('is not mistaken for another, nor for another rule’s', async () => {
    const table = memoryTable();
    for (const at of [now, hours(1)]) await recordFix(target, { table, flaps, now: at });
    for (const over of [{ resourceId: 'other' }, { command: 'C_D' }, { region: 'us-east-1' }])
      await expect(
        flapBlocker({ ...target, ...over }, { table, flaps, now, whoChanged: nobody }),
      ).resolves.toBeUndefined();
  });

  test('counts fixes that were made at once', async () => {
    const table = memoryTable();
    await Promise.all([now, hours(1)].map((at) => recordFix(target, { table, flaps, now: at })));
    await expect(
      flapBlocker(target, { table, flaps, now: hours(1), whoChanged: nobody }),
    ).resolves.toMatchObject({ reason: expect.stringContaining('2 times') as string });
  });

  test('is told with who changes it back since the first of these fixes', async () => {
    const table = memoryTable();
    for (const at of [hours(1), now]) await recordFix(target, { table, flaps, now: at });
    const asked: Date[] = [];
    const whoChanged = async (since: Date) => (asked.push(since), changedBy);
    await expect(flapBlocker(target, { table, flaps, now: hours(3), whoChanged })).resolves.toEqual({
      reason: `It was fixed 2 times in 24 hours, and ${principal} changes it back (PutBucketVersioning, ${changedBy.time}): fix that first.`,
      changedBy,
    });
    expect(asked).toEqual([now]);
  });
});

describe('a resource whose fix a person undid', () => {
  const hold = { by: 'jo', until: hours(24).toISOString(), changeId: 'change-1' };

  test('is left alone until the day that was set', async () => {
    const table = memoryTable();
    await expect(cooldownReason(table, target, now)).resolves.toBeUndefined();
    await startCooldown(table, target, hold);
    await expect(cooldownReason(table, target, now)).resolves.toContain('jo undid change-1');
    await expect(cooldownReason(table, { ...target, command: 'C_D' }, now)).resolves.toBeUndefined();
    await expect(cooldownReason(table, target, hours(24))).resolves.toBeUndefined();
  });

  test('is held anew by the next undo', async () => {
    const table = memoryTable();
    await startCooldown(table, target, hold);
    await startCooldown(table, target, { ...hold, until: hours(48).toISOString(), changeId: 'change-2' });
    await expect(cooldownReason(table, target, hours(30))).resolves.toContain('change-2');
  });
});
