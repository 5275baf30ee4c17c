import { expect, test } from 'vitest';

import { updateRow } from '../../src/state/table.ts';
import { memoryTable } from '../../src/testing/memory-table.ts';

const key = { pk: 'count', sk: 'a' };
const addOne = (row: { readonly data: unknown } | undefined) => ({ data: { count: countIn(row) + 1 } });
const countIn = (row: { readonly data: unknown } | undefined) =>
  (row?.data as { readonly count: number } | undefined)?.count ?? 0;

test('updateRow creates a missing row and then replaces it', async () => {
  const table = memoryTable();
  await expect(updateRow(table, key, addOne)).resolves.toBe(true);
  await expect(updateRow(table, key, addOne)).resolves.toBe(true);
  await expect(table.get('count', 'a')).resolves.toMatchObject({ version: 2, data: { count: 2 } });
});

test('updateRow sets the expiry of the row', async () => {
  const table = memoryTable();
  const expiresAt = new Date('2030-01-01T00:00:00Z');
  await updateRow(table, key, () => ({ data: {}, expiresAt }));
  await expect(table.get('count', 'a')).resolves.toMatchObject({ expiresAt });
});

test('updateRow writes nothing when there is nothing to change', async () => {
  const table = memoryTable();
  await expect(updateRow(table, key, () => undefined)).resolves.toBe(false);
  await expect(table.get('count', 'a')).resolves.toBeUndefined();
});

test('updateRow does not overwrite a row that another writer changed meanwhile', async () => {
  const table = memoryTable();
  const results = await Promise.all([updateRow(table, key, addOne), updateRow(table, key, addOne)]);
  expect(results.toSorted()).toEqual([false, true]);
  await expect(table.get('count', 'a')).resolves.toMatchObject({ data: { count: 1 } });
});
