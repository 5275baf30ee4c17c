import { isGlobMatch } from '../base/glob.ts';
import { ROW_ACCESS } from '../state/row-access.ts';
import type { Table } from '../state/table.ts';

/** The table as a function may use it: another row is refused, as IAM refuses it. */
export const tableOf = (name: keyof typeof ROW_ACCESS, table: Table): Table => {
  const { writes, reads } = ROW_ACCESS[name];
  const assertMay = (verb: 'read' | 'write', pk: string) => {
    const keys = verb === 'write' ? writes : [...writes, ...reads];
    if (keys.some((pattern) => isGlobMatch(pattern, pk))) return;
    throw Object.assign(new Error(`The ${name} function may not ${verb} the row ${pk}.`), {
      name: 'AccessDeniedException',
    });
  };
  return {
    get: async (pk, sk) => {
      assertMay('read', pk);
      return table.get(pk, sk);
    },
    put: async (write) => {
      assertMay('write', write.pk);
      return table.put(write);
    },
    remove: async (pk, sk, expected) => {
      assertMay('write', pk);
      return table.remove(pk, sk, expected);
    },
    query: async function* (pk) {
      assertMay('read', pk);
      yield* table.query(pk);
    },
    add: async (counter) => {
      assertMay('write', counter.pk);
      return table.add(counter);
    },
  };
};
