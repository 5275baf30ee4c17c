import { beforeEach, describe, expect, test } from 'vitest';

import type { Table } from '../src/state/table.ts';

/** Tests that a table behaves as the state needs, whatever stores it. */
export const describeTableContract = (name: string, open: () => Table | Promise<Table>): void => {
  describe(`${name} as a state table`, () => {
    let table: Table;
    beforeEach(async () => {
      table = await open();
    });
    const row = { pk: 'plan', sk: 'a', data: { step: 1 } };

    test('a missing row is undefined', async () => {
      await expect(table.get('plan', 'a')).resolves.toBeUndefined();
    });

    test('a row that was put is read with version 1', async () => {
      const expiresAt = new Date('2030-01-01T00:00:00Z');
      await expect(table.put({ ...row, expiresAt, expected: 0 })).resolves.toBe(true);
      await expect(table.get('plan', 'a')).resolves.toEqual({ ...row, version: 1, expiresAt });
    });

    test('data is read as JSON: dates as text, no undefined members', async () => {
      const at = new Date('2026-11-20T12:00:00Z');
      const data = { at, gone: undefined, nested: [{ ok: true, nothing: null }], text: 'é "😀"' };
      await table.put({ ...row, data, expected: 0 });
      await expect(table.get('plan', 'a')).resolves.toMatchObject({
        data: { at: '2026-11-20T12:00:00.000Z', nested: [{ ok: true, nothing: null }], text: 'é "😀"' },
      });
      expect((await table.get('plan', 'a'))?.data).not.toHaveProperty('gone');
    });

    test('a later change of the written data does not change the row', async () => {
      const data = { list: [1] };
      await table.put({ ...row, data, expected: 0 });
      data.list.push(2);
      expect((await table.get('plan', 'a'))?.data).toEqual({ list: [1] });
    });

    test('a row is created once', async () => {
      await table.put({ ...row, expected: 0 });
      await expect(table.put({ ...row, data: { step: 2 }, expected: 0 })).resolves.toBe(false);
      await expect(table.get('plan', 'a')).resolves.toMatchObject({ data: { step: 1 }, version: 1 });
    });

    test('a row is replaced only with its newest version', async () => {
      await table.put({ ...row, expected: 0 });
      await expect(table.put({ ...row, data: { step: 2 }, expected: 1 })).resolves.toBe(true);
      await expect(table.put({ ...row, data: { step: 3 }, expected: 1 })).resolves.toBe(false);
      await expect(table.get('plan', 'a')).resolves.toMatchObject({ data: { step: 2 }, version: 2 });
    });

    test('a missing row is not replaced', async () => {
      await expect(table.put({ ...row, expected: 4 })).resolves.toBe(false);
      await expect(table.get('plan', 'a')).resolves.toBeUndefined();
    });

    test('of many concurrent puts, one succeeds', async () => {
      const puts = Array.from({ length: 8 }, (_, step) => table.put({ ...row, data: { step }, expected: 0 }));
      expect((await Promise.all(puts)).filter(Boolean)).toHaveLength(1);
    });

    test('a row is removed only with its newest version', async () => {
      await table.put({ ...row, expected: 0 });
      await expect(table.remove('plan', 'a', 2)).resolves.toBe(false);
      await expect(table.remove('plan', 'a', 1)).resolves.toBe(true);
      await expect(table.get('plan', 'a')).resolves.toBeUndefined();
      await expect(table.remove('plan', 'a', 1)).resolves.toBe(false);
    });

    test('a query returns the rows of one key in the order of their sort keys', async () => {
      const keys = ['step#010', 'change', 'step#002'];
      for (const sk of keys) await table.put({ ...row, sk, expected: 0 });
      await table.put({ ...row, pk: 'plans', expected: 0 });
      const found = await Array.fromAsync(table.query('plan'));
      expect(found.map(({ sk }) => sk)).toEqual(['change', 'step#002', 'step#010']);
      await expect(Array.fromAsync(table.query('nothing'))).resolves.toEqual([]);
    });

    test('a counter grows up to its limit and not beyond', async () => {
      const counter = { pk: 'budget', sk: 'hour', limit: 3, expiresAt: new Date('2030-01-01T00:00:00Z') };
      await expect(table.add({ ...counter, amount: 2 })).resolves.toBe(2);
      await expect(table.add({ ...counter, amount: 2 })).resolves.toBeUndefined();
      await expect(table.add({ ...counter, amount: 1 })).resolves.toBe(3);
      await expect(table.add({ ...counter, amount: 1 })).resolves.toBeUndefined();
      await expect(table.add({ ...counter, sk: 'next hour', amount: 1 })).resolves.toBe(1);
    });

    test('a limit of 0 allows nothing, not even the first time', async () => {
      await expect(table.add({ pk: 'budget', sk: 'hour', amount: 1, limit: 0 })).resolves.toBeUndefined();
      await expect(table.add({ pk: 'budget', sk: 'hour', amount: 1, limit: 1 })).resolves.toBe(1);
    });

    test('adding 0 checks the limit', async () => {
      const counter = { pk: 'failures', sk: 'hour' };
      await expect(table.add({ ...counter, amount: 0, limit: 1 })).resolves.toBe(0);
      await table.add({ ...counter, amount: 2, limit: 9 });
      await expect(table.add({ ...counter, amount: 0, limit: 1 })).resolves.toBeUndefined();
      await expect(table.add({ ...counter, amount: 0, limit: 2 })).resolves.toBe(2);
    });

    test('of many concurrent additions, as many as the limit succeed', async () => {
      const adds = Array.from({ length: 10 }, () =>
        table.add({ pk: 'budget', sk: 'hour', amount: 1, limit: 4 }),
      );
      const counts = (await Promise.all(adds)).filter((count) => count !== undefined);
      expect(counts.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4]);
    });
  });
};
