import type { ObjectStore } from '../../../packages/evidence/src/store/object-store.ts';

/** The calls that a store would make of S3. */
export interface Calls {
  gets: number;
  puts: number;
  lists: number;
}

const KEYS_PER_LIST = 1000;

/** Counts the calls of a store. */
export const countCalls = (store: ObjectStore, calls: Calls): ObjectStore => ({
  ...store,
  read: (...asked) => {
    calls.gets += 1;
    return store.read(...asked);
  },
  create: (key, bytes) => {
    calls.puts += 1;
    return store.create(key, bytes);
  },
  list: async function* (range) {
    calls.lists += 1;
    let keys = 0;
    for await (const key of store.list(range)) {
      keys += 1;
      if (keys % KEYS_PER_LIST === 0) calls.lists += 1;
      yield key;
    }
  },
});
