import { describe, expect, test } from 'vitest';

import { systemClock } from '../../src/base/clock.ts';
import { withLease } from '../../src/state/lease.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';

const lease = {
  name: 'iam/password-policy|111122223333|eu-west-1|',
  holder: 'change-1',
  seconds: 60,
  waitSeconds: 5,
  clock: systemClock,
};
const other = { ...lease, holder: 'change-2' };

describe('withLease', () => {
  test('withLease returns the result of the work', async () => {
    await expect(withLease(memoryTable(), lease, async () => 'done')).resolves.toBe('done');
  });

  test('two holders of a lease work one after the other', async () => {
    const table = memoryTable();
    const log: string[] = [];
    const work = (name: string) => async () => {
      log.push(`${name} begins`);
      await new Promise((resolve) => setTimeout(resolve, 30));
      log.push(`${name} ends`);
    };
    await Promise.all([withLease(table, lease, work('one')), withLease(table, other, work('two'))]);
    const [first = ''] = log[0]?.split(' ') ?? [];
    const second = first === 'one' ? 'two' : 'one';
    expect(log).toEqual([`${first} begins`, `${first} ends`, `${second} begins`, `${second} ends`]);
  });

  test('no concurrent increment under a lease is lost', async () => {
    const table = memoryTable();
    let number = 0;
    const add = async () => {
      const read = number;
      await new Promise(setImmediate);
      number = read + 1;
    };
    await Promise.all(
      Array.from({ length: 6 }, (_, index) => withLease(table, { ...lease, holder: `${index}` }, add)),
    );
    expect(number).toBe(6);
  });

  test('leases of two names do not wait for each other', async () => {
    const table = memoryTable();
    const inside = () => withLease(table, { ...other, name: 'another', waitSeconds: 0 }, async () => 'both');
    await expect(withLease(table, lease, inside)).resolves.toBe('both');
  });

  test('a lease is released when the work fails', async () => {
    const table = memoryTable();
    const failing = withLease(table, lease, () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    await expect(withLease(table, { ...other, waitSeconds: 0 }, async () => 'mine')).resolves.toBe('mine');
  });

  test('the error of a lease that stays held is transient and names the holder', async () => {
    const table = memoryTable();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const holding = withLease(table, lease, () => released);
    let worked = false;
    await expect(
      withLease(table, { ...other, waitSeconds: 0.05 }, async () => {
        worked = true;
      }),
    ).rejects.toMatchObject({
      kind: 'transient',
      code: 'lease-held',
      message: expect.stringContaining('change-1') as string,
    });
    expect(worked).toBe(false);
    release();
    await holding;
  });

  test('the lease of a killed holder expires', async () => {
    const table = memoryTable();
    const { promise: never } = Promise.withResolvers<void>();
    void withLease(table, { ...lease, seconds: 0.05 }, () => never);
    await expect(withLease(table, other, async () => 'mine')).resolves.toBe('mine');
  });

  test('a holder that outlived its lease does not release the next one', async () => {
    const table = memoryTable();
    const { promise: slow, resolve: wake } = Promise.withResolvers<void>();
    const { promise: working, resolve: finish } = Promise.withResolvers<void>();
    const outlived = withLease(table, { ...lease, seconds: 0.02 }, () => slow);
    const next = withLease(table, other, () => working);
    await expect.poll(async () => (await table.get(`lease#${lease.name}`, 'lease'))?.version).toBe(2);
    wake();
    await outlived;
    await expect(withLease(table, { ...lease, waitSeconds: 0 }, async () => {})).rejects.toMatchObject({
      code: 'lease-held',
    });
    finish();
    await next;
  });
});
