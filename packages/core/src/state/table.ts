import type { Json } from '../base/json.ts';

/** One row. `version` grows with every write, so that a writer can tell whether it still holds the newest. */
export interface TableItem {
  readonly pk: string;
  readonly sk: string;
  readonly version: number;
  readonly data: Json;
  readonly expiresAt?: Date | undefined;
}

/** The write of a row: `expected` is the version it replaces, 0 where there must be none yet. */
export type TableWrite = Omit<TableItem, 'version' | 'data'> & {
  readonly expected: number;
  /** Stored as JSON. */
  readonly data: object;
};

/**
 * The state that decides: plans, approvals, leases, caps, flaps and the journal of changes. What functions side by
 * side must agree on is one conditional write here; expiry is for tidying up and decides nothing by itself.
 */
export interface Table {
  /** Strongly consistent. */
  get(pk: string, sk: string): Promise<TableItem | undefined>;
  /** False when another writer was first. */
  put(write: TableWrite): Promise<boolean>;
  remove(pk: string, sk: string, expected: number): Promise<boolean>;
  /** In the order of their sort keys. */
  query(pk: string): AsyncIterable<TableItem>;
  /** Adds to a counter unless it would pass the limit. The new count, or `undefined` at the limit. */
  add(counter: CounterAdd): Promise<number | undefined>;
}

export interface CounterAdd {
  readonly pk: string;
  readonly sk: string;
  readonly amount: number;
  readonly limit: number;
  readonly expiresAt?: Date | undefined;
}
