import type { Session, Table } from '@compliance/core';

/** The state table. Its client is loaded on first use: most evaluations do not need it. */
export const lazyTable = (session: Session, name: string): Table => {
  let loading: Promise<Table> | undefined;
  const table = () =>
    (loading ??= import('./state-table.ts').then(({ stateTable }) => stateTable(session, name)));
  return {
    get: async (...key) => (await table()).get(...key),
    put: async (write) => (await table()).put(write),
    remove: async (...key) => (await table()).remove(...key),
    add: async (counter) => (await table()).add(counter),
    query: async function* (pk) {
      yield* (await table()).query(pk);
    },
  };
};
