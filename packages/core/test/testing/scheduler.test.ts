import { GetBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, expect, test } from 'vitest';

import { withLease } from '../../src/state/lease.ts';
import { answersThrough, tableThrough, type Effect } from '../../src/testing/effects.ts';
import { fakeSession, on } from '../../src/testing/fake-session.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';
import { createScheduler } from '../../src/testing/scheduler.ts';
import { seededRandom } from '../../src/testing/seeded-random.ts';

const START = new Date('2026-11-20T12:00:00Z');
const hours = (count: number) => new Date(START.getTime() + count * 3_600_000);

/** Three runs side by side, each with three calls of AWS; returns the order in which they went on. */
const orderOf = async (seed: number): Promise<string> => {
  const scheduler = createScheduler(START, seededRandom(seed));
  const order: string[] = [];
  const run = async (name: string) => {
    const effect: Effect = async (_, act) => {
      await scheduler.turn();
      order.push(name);
      return act();
    };
    const answers = answersThrough(effect, 's3', [on(S3Client, GetBucketVersioningCommand, () => ({}))]);
    const client = fakeSession({ allow: ['s3:GetBucketVersioning'], answers }).client(S3Client);
    for (let call = 0; call < 3; call += 1)
      await client.send(new GetBucketVersioningCommand({ Bucket: 'logs' }));
  };
  for (const name of 'abc') scheduler.at(START, () => void run(name));
  await scheduler.runUntil(hours(1));
  return order.join('');
};

// A client of the SDK takes real time when it is used for the first time.
beforeAll(() => orderOf(0));

test('a seed repeats the order in which runs side by side go on', async () => {
  const order = await orderOf(1);
  await expect(orderOf(1)).resolves.toBe(order);
});

test('other seeds give other orders', async () => {
  const orders = new Set<string>();
  for (let seed = 1; seed <= 20; seed += 1) orders.add(await orderOf(seed));
  expect(orders.size).toBeGreaterThan(15);
});

test('a wait of weeks takes no time, and what waits less goes on first', async () => {
  const { clock, runUntil } = createScheduler(START, seededRandom(1));
  const woken: string[] = [];
  const wait = async (count: number) => {
    await clock.sleep(count * 3_600_000);
    woken.push(clock.now().toISOString());
  };
  void wait(24 * 21);
  void wait(1);
  await runUntil(hours(24 * 30));
  expect(woken).toEqual([hours(1).toISOString(), hours(24 * 21).toISOString()]);
  expect(clock.now()).toEqual(hours(24 * 30));
});

test('a lease under the scheduler is held by one run at a time, and a killed holder blocks until its end', async () => {
  const { clock, turn, runUntil } = createScheduler(START, seededRandom(1));
  const table = tableThrough(async (_, act) => {
    await turn();
    return act();
  }, memoryTable());
  const lease = { name: 'document', seconds: 960, waitSeconds: 2000, clock };
  const { promise: never } = Promise.withResolvers<void>();
  void withLease(table, { ...lease, holder: 'killed' }, () => never);
  let begun: Date | undefined;
  void clock
    .sleep(1000)
    .then(() => withLease(table, { ...lease, holder: 'next' }, async () => void (begun = clock.now())));
  await runUntil(hours(1));
  expect(begun?.getTime()).toBeGreaterThanOrEqual(START.getTime() + 960_000);
  expect(begun?.getTime()).toBeLessThan(START.getTime() + 965_000);
});

test('a row that has expired is gone from the table in memory once it is told the time', async () => {
  const table = memoryTable();
  await table.put({ pk: 'a', sk: 'b', data: {}, expiresAt: hours(1), expected: 0 });
  table.expire(hours(0.5));
  expect(table.rows()).toHaveLength(1);
  table.expire(hours(1));
  expect(table.rows()).toEqual([]);
});

test('a scale reaches each order of magnitude', () => {
  const { scale } = seededRandom(3);
  const drawn = Array.from({ length: 300 }, () => scale(1, 1000));
  for (const [low, high] of [
    [1, 10],
    [10, 100],
    [100, 1000],
  ] as const)
    expect(drawn.filter((value) => value >= low && value < high).length).toBeGreaterThan(60);
});

test('nothing can be picked from nothing', () => {
  expect(() => seededRandom(1).pick([])).toThrow('Nothing to pick from.');
});
