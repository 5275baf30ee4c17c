import type { Table } from '@compliance/core';

/** Builds without one of the guarantees, which a simulation must find. Each is broken at the table alone. */
export const BROKEN_BUILDS = ['no-claim', 'no-lease', 'no-outbox', 'no-note'] as const;
export type BrokenBuild = (typeof BROKEN_BUILDS)[number];

export const breakTable = (table: Table, build: BrokenBuild | undefined): Table => {
  switch (build) {
    case undefined:
      return table;
    case 'no-claim':
      return without('claim#', table);
    case 'no-lease':
      return without('lease#', table);
    case 'no-note':
      return without('unpublished#', table);
    case 'no-outbox':
      return withoutEvents(table);
    default:
      throw new Error(`Unknown build ${String(build satisfies never)}`);
  }
};

/** Everybody gets what these rows would give to one. */
const without = (prefix: string, table: Table): Table => ({
  ...table,
  get: async (pk, sk) => (pk.startsWith(prefix) ? undefined : table.get(pk, sk)),
  put: async (write) => write.pk.startsWith(prefix) || table.put(write),
  remove: async (pk, ...rest) => pk.startsWith(prefix) || table.remove(pk, ...rest),
});

/** Rows forget the events that they should hold until these are published. */
const withoutEvents = (table: Table): Table => ({
  ...table,
  put: (write) => table.put({ ...write, data: { ...write.data, pendingEvents: undefined } }),
});
