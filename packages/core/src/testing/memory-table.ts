import { asJson } from '../base/json.ts';
import type { Table, TableItem } from '../state/table.ts';

/** A table in memory, which shows what DynamoDB hides. */
export interface MemoryTable extends Table {
  readonly rows: () => readonly TableItem[];
  /** Deletes what has expired by then, as DynamoDB does within days. */
  readonly expire: (now: Date) => void;
}

/** A stateful fake of the state table: conditional writes as in DynamoDB, kept in memory. */
export const memoryTable = (): MemoryTable => {
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
    rows: () => [...rows.values()],
    expire: (now) => {
      for (const [key, { expiresAt }] of rows) if (expiresAt && expiresAt <= now) rows.delete(key);
    },
  };
};
