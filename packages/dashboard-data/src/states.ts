import { columns, Integers } from './columns.ts';

/**
 * The states of a resource under a rule, everywhere in this order. `exempt`: violating, accepted until a date.
 * `excluded`: violating, but AWS or the landing zone owns it. `unknown`: not judged, or not lately.
 * A resource to which a rule does not apply has no state and is counted nowhere.
 */
export const STATES = ['compliant', 'violating', 'exempt', 'excluded', 'unknown'] as const;
export type State = (typeof STATES)[number];

export type Counts = Readonly<Record<State, number>>;

/** How many resources are in each state, by column. What a row is, its owner says. */
export const CountColumns = columns({
  compliant: Integers,
  violating: Integers,
  exempt: Integers,
  excluded: Integers,
  unknown: Integers,
});
export type CountColumns = Readonly<Record<State, readonly number[]>>;

export const NO_COUNTS: Counts = { compliant: 0, violating: 0, exempt: 0, excluded: 0, unknown: 0 };

/** One row of the columns. */
export const countsAt = (table: CountColumns, row: number): Counts => ({
  compliant: table.compliant[row] ?? 0,
  violating: table.violating[row] ?? 0,
  exempt: table.exempt[row] ?? 0,
  excluded: table.excluded[row] ?? 0,
  unknown: table.unknown[row] ?? 0,
});

export const addCounts = (a: Counts, b: Counts): Counts => ({
  compliant: a.compliant + b.compliant,
  violating: a.violating + b.violating,
  exempt: a.exempt + b.exempt,
  excluded: a.excluded + b.excluded,
  unknown: a.unknown + b.unknown,
});

/**
 * Whole percent of compliant ÷ (compliant + violating + unknown), rounded down: what is not known counts against, and
 * 100 means all. Exempt and excluded resources stand beside it. `undefined`: there is nothing to divide by.
 */
export const score = ({ compliant, violating, unknown }: Counts): number | undefined => {
  const judged = compliant + violating + unknown;
  return judged === 0 ? undefined : Math.floor((100 * compliant) / judged);
};
