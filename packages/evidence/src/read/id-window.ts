import { daysOf, ordinalOf, periodOfOrdinal, type Period } from '../format/period.ts';
import { ID_DAYS, SHORT_ID_BYTES } from '../format/short-id.ts';

/** The ids of the last 35 days. */
export interface IdWindow {
  /**
   * Adds an id of a period, which is not before the last one, and returns the period of the 35 days before that has it.
   * @param at where its short form begins in `ids`
   */
  add(ids: Buffer, at: number, period: Period): Period | undefined;
}

const FIRST_CAPACITY = 1024;
const WORDS = SHORT_ID_BYTES / Uint32Array.BYTES_PER_ELEMENT;

/**
 * Remembers ids in 25 to 50 bytes each, of which a Set of texts takes several times as many. Ids that are older than
 * the window give way when there is no more room.
 */
export const createIdWindow = (): IdWindow => {
  let table = emptyTable(FIRST_CAPACITY);
  let size = 0;
  const id = new Uint32Array(WORDS);

  const makeRoom = (now: number) => {
    const former = table;
    size = former.ordinals.filter((ordinal) => isRemembered(ordinal, now)).length;
    let capacity = FIRST_CAPACITY;
    while (capacity < size * 3) capacity *= 2;
    table = emptyTable(capacity);
    for (const [slot, ordinal] of former.ordinals.entries())
      if (isRemembered(ordinal, now)) {
        const words = former.words.subarray(slot * WORDS, (slot + 1) * WORDS);
        write(table, slotOf(table, words), { words, ordinal });
      }
  };

  return {
    add: (ids, at, period) => {
      for (const word of id.keys()) id[word] = ids.readUInt32LE(at + word * Uint32Array.BYTES_PER_ELEMENT);
      const ordinal = ordinalOf(period);
      const slot = slotOf(table, id);
      const before = table.ordinals[slot] ?? NEVER;
      write(table, slot, { words: id, ordinal });
      if (before !== NEVER) return isRemembered(before, ordinal) ? periodOfOrdinal(before) : undefined;
      size += 1;
      if (size * 3 > table.ordinals.length * 2) makeRoom(ordinal);
      return undefined;
    },
  };
};

const NEVER = -1;

const isRemembered = (ordinal: number, now: number): boolean =>
  ordinal !== NEVER && daysOf(now) - daysOf(ordinal) <= ID_DAYS;

const emptyTable = (capacity: number) => ({
  words: new Uint32Array(capacity * WORDS),
  ordinals: new Int32Array(capacity).fill(NEVER),
});
type Table = ReturnType<typeof emptyTable>;

/** The slot that has this id, otherwise the free one where it belongs. A capacity is a power of two. */
const slotOf = ({ words, ordinals }: Table, id: Uint32Array): number => {
  const mask = ordinals.length - 1;
  let slot = (id[0] ?? 0) & mask;
  while (ordinals[slot] !== NEVER && !isAt(words, slot * WORDS, id)) slot = (slot + 1) & mask;
  return slot;
};

const isAt = (words: Uint32Array, start: number, id: Uint32Array): boolean => {
  for (let word = 0; word < WORDS; word += 1) if (words[start + word] !== id[word]) return false;
  return true;
};

const write = (
  table: Table,
  slot: number,
  { words, ordinal }: { readonly words: Uint32Array; readonly ordinal: number },
): void => {
  table.words.set(words, slot * WORDS);
  table.ordinals[slot] = ordinal;
};
