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

/** Ids are forgotten so many days at once. */
const SPAN_DAYS = 12;

/**
 * Remembers ids in 24 to 48 bytes each, of which a Set of texts takes several times as many. Each span of days has a
 * table, which goes as a whole.
 */
export const createIdWindow = (): IdWindow => {
  /** The newest first. */
  let spans: { readonly number: number; readonly table: IdTable }[] = [];
  const id = new Uint32Array(WORDS);

  const tableOf = (day: number): IdTable => {
    const number = Math.floor(day / SPAN_DAYS);
    const [newest] = spans;
    if (newest?.number === number) return newest.table;
    const table = createIdTable();
    const kept = spans.filter((span) => day - (span.number + 1) * SPAN_DAYS < ID_DAYS);
    spans = [{ number, table }, ...kept];
    return table;
  };

  return {
    add: (ids, at, period) => {
      for (const word of id.keys()) id[word] = ids.readUInt32LE(at + word * Uint32Array.BYTES_PER_ELEMENT);
      const ordinal = ordinalOf(period);
      const table = tableOf(daysOf(ordinal));
      let before: number | undefined;
      for (const span of spans) before ??= span.table.get(id);
      table.set(id, ordinal);
      const isWithin = before !== undefined && daysOf(ordinal) - daysOf(before) <= ID_DAYS;
      return before !== undefined && isWithin ? periodOfOrdinal(before) : undefined;
    },
  };
};

interface IdTable {
  get(id: Uint32Array): number | undefined;
  set(id: Uint32Array, ordinal: number): void;
}

const FIRST_CAPACITY = 1024;
const WORDS = SHORT_ID_BYTES / Uint32Array.BYTES_PER_ELEMENT;

/** A number for each id. It doubles when two thirds are taken. */
const createIdTable = (): IdTable => {
  let slots = emptySlots(FIRST_CAPACITY);
  let size = 0;

  const grow = () => {
    const former = slots;
    slots = emptySlots(former.ordinals.length * 2);
    for (const [slot, ordinal] of former.ordinals.entries())
      if (ordinal !== FREE) write(slots, former.words.subarray(slot * WORDS, (slot + 1) * WORDS), ordinal);
  };

  return {
    get: (id) => {
      const ordinal = slots.ordinals[slotOf(slots, id)] ?? FREE;
      return ordinal === FREE ? undefined : ordinal;
    },
    set: (id, ordinal) => {
      if (write(slots, id, ordinal)) size += 1;
      if (size * 3 > slots.ordinals.length * 2) grow();
    },
  };
};

const FREE = -1;

const emptySlots = (capacity: number) => ({
  words: new Uint32Array(capacity * WORDS),
  ordinals: new Int32Array(capacity).fill(FREE),
});
type Slots = ReturnType<typeof emptySlots>;

/** The slot that has this id, otherwise the free one where it belongs. A capacity is a power of two. */
const slotOf = ({ words, ordinals }: Slots, id: Uint32Array): number => {
  const mask = ordinals.length - 1;
  let slot = (id[0] ?? 0) & mask;
  while (ordinals[slot] !== FREE && !isAt(words, slot * WORDS, id)) slot = (slot + 1) & mask;
  return slot;
};

const isAt = (words: Uint32Array, start: number, id: Uint32Array): boolean => {
  for (let word = 0; word < WORDS; word += 1) if (words[start + word] !== id[word]) return false;
  return true;
};

/** @returns whether the id is new */
const write = (slots: Slots, id: Uint32Array, ordinal: number): boolean => {
  const slot = slotOf(slots, id);
  const isNew = slots.ordinals[slot] === FREE;
  slots.words.set(id, slot * WORDS);
  slots.ordinals[slot] = ordinal;
  return isNew;
};
