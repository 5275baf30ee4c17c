import type { Json } from '../base/json.ts';

/** One row. `version` grows with every write, so that a writer knows whether it holds the newest. */
export interface TableItem {
  readonly pk: string;
  readonly sk: string;
  readonly version: number;
  readonly data: Json;
  readonly expiresAt?: Date | undefined;
}

/** A write. `expected` is the version that it replaces; 0 when the row must not exist. */
export type TableWrite = Omit<TableItem, 'version' | 'data'> & {
  readonly expected: number;
  /** Stored as JSON. */
  readonly data: object;
};

/**
 * The state that decides: plans, approvals, leases, limits, flaps and the journal of changes.
 * What concurrent functions must agree on is one conditional write. Expiry only cleans up; it decides nothing.
 */
export interface Table {
  /** Strongly consistent. */
  get(pk: string, sk: string): Promise<TableItem | undefined>;
  /** Returns false when another writer was first. */
  put(write: TableWrite): Promise<boolean>;
  remove(pk: string, sk: string, expected: number): Promise<boolean>;
  /** In the order of their sort keys. */
  query(pk: string): AsyncIterable<TableItem>;
  /** Adds to a counter unless it would exceed the limit. Returns the new count, or `undefined` at the limit. */
  add(counter: CounterAdd): Promise<number | undefined>;
}

export interface CounterAdd {
  readonly pk: string;
  readonly sk: string;
  readonly amount: number;
  readonly limit: number;
  readonly expiresAt?: Date | undefined;
}

/**
 * Reads a row, then writes what `change` makes of it (optimistic lock).
 * @returns false when another writer was first, or when `change` returns nothing to write
 */
export const updateRow = async (
  table: Table,
  { pk, sk }: Pick<TableItem, 'pk' | 'sk'>,
  change: (row: TableItem | undefined) => Pick<TableWrite, 'data' | 'expiresAt'> | undefined,
): Promise<boolean> => {
  const row = await table.get(pk, sk);
  const next = change(row);
  return next !== undefined && table.put({ pk, sk, ...next, expected: row?.version ?? 0 });
};
