import { asJson } from '../base/json.ts';
import type { Table, TableItem } from '../state/table.ts';

/** A stateful fake of the state table: conditional writes as in DynamoDB, kept in memory. */
export const memoryTable = (): Table => {
  const rows = new Map<string, TableItem>();
  const counts = new Map<string, number>();
  const keyOf = (pk: string, sk: string) => `${pk}\n${sk}`;
  return {
    get: (pk, sk) => Promise.resolve(rows.get(keyOf(pk, sk))),
    put: ({ expected, data, ...item }) => {
      const key = keyOf(item.pk, item.sk);
      if ((rows.get(key)?.version ?? 0) !== expected) return Promise.resolve(false);
      rows.set(key, { ...item, data: asJson(data), version: expected + 1 });
      return Promise.resolve(true);
    },
    remove: (pk, sk, expected) => {
      const key = keyOf(pk, sk);
      return Promise.resolve(rows.get(key)?.version === expected && rows.delete(key));
    },
    query: async function* (pk) {
      yield* [...rows.values()].filter((row) => row.pk === pk).toSorted((a, b) => (a.sk < b.sk ? -1 : 1));
    },
    add: ({ pk, sk, amount, limit }) => {
      const count = (counts.get(keyOf(pk, sk)) ?? 0) + amount;
      if (count > limit) return Promise.resolve(undefined);
      counts.set(keyOf(pk, sk), count);
      return Promise.resolve(count);
    },
  };
};
