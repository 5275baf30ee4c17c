import { createHash } from 'node:crypto';

const FIRST_CAPACITY = 1024;

/**
 * Keeps one number and one group for each of millions of texts, in about 40 bytes: an object for each would take ten
 * times as much. The texts themselves are not kept, but 64 bits of their SHA-256. Among ten million texts, the
 * probability that any two of them are taken for one is 3 in a million.
 */
export const createCompactMap = () => {
  let table = emptyTable(FIRST_CAPACITY);
  let size = 0;

  const grow = () => {
    const former = table;
    table = emptyTable(former.values.length * 2);
    for (const [slot, value] of former.values.entries()) {
      if (value === EMPTY) continue;
      const [high = 0, low = 0] = former.hashes.subarray(slot * 2);
      write(table, slotOf(table, high, low), { high, low, value, group: former.groups[slot] ?? 0 });
    }
  };

  return {
    /** Sets the value and the group of a text; `replaces` says whether a known value gives way. */
    put: (
      text: string,
      { value, group }: { readonly value: number; readonly group: number },
      replaces: (known: number) => boolean,
    ): void => {
      const bytes = createHash('sha256').update(text).digest();
      const [high, low] = [bytes.readUInt32LE(0), bytes.readUInt32LE(4)];
      const slot = slotOf(table, high, low);
      const known = table.values[slot] ?? EMPTY;
      if (known !== EMPTY && !replaces(known)) return;
      write(table, slot, { high, low, value, group });
      if (known !== EMPTY) return;
      size += 1;
      if (size * 2 > table.values.length) grow();
    },
    forEach: (use: (value: number, group: number) => void): void => {
      for (const [slot, value] of table.values.entries())
        if (value !== EMPTY) use(value, table.groups[slot] ?? 0);
    },
  };
};

const EMPTY = -1;

const emptyTable = (capacity: number) => ({
  hashes: new Uint32Array(capacity * 2),
  values: new Float64Array(capacity).fill(EMPTY),
  groups: new Uint32Array(capacity),
});
type Table = ReturnType<typeof emptyTable>;

/** The slot that has this hash, otherwise the free one where it belongs. A capacity is a power of two. */
const slotOf = ({ hashes, values }: Table, high: number, low: number): number => {
  const mask = values.length - 1;
  let slot = low & mask;
  while (values[slot] !== EMPTY && !(hashes[slot * 2] === high && hashes[slot * 2 + 1] === low))
    slot = (slot + 1) & mask;
  return slot;
};

const write = (
  { hashes, values, groups }: Table,
  slot: number,
  entry: { readonly high: number; readonly low: number; readonly value: number; readonly group: number },
): void => {
  hashes[slot * 2] = entry.high;
  hashes[slot * 2 + 1] = entry.low;
  values[slot] = entry.value;
  groups[slot] = entry.group;
};
