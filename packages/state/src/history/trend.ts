import * as z from 'zod';

import { DAY_MS, HOUR_MS } from '../base/times.ts';
import type { Change } from '../merge/merge-row.ts';

/** How many resources were in each state at an instant, in milliseconds since 1970. */
export const TrendPoint = z.object({
  at: z.number(),
  c: z.number(),
  v: z.number(),
  x: z.number(),
  e: z.number(),
  u: z.number(),
});
export type TrendPoint = Readonly<z.infer<typeof TrendPoint>>;
export type StateCounts = Omit<TrendPoint, 'at'>;

export const NO_STATES: StateCounts = { c: 0, v: 0, x: 0, e: 0, u: 0 };

const SECOND_MS = 1000;
const STEPS = 240;

/**
 * Follows the counts from one snapshot to the next, in whatever order the changes are read.
 * Memory is flat: the steps become longer, from a second on, when there are too many of them.
 */
export const createTrend = (before: { readonly at: number; readonly counts: StateCounts }) => {
  let stepMs = SECOND_MS;
  let steps = new Map<number, Mutable<StateCounts>>();
  const stepOf = (time: number): Mutable<StateCounts> => {
    const index = Math.ceil(time / stepMs);
    const known = steps.get(index) ?? { ...NO_STATES };
    steps.set(index, known);
    return known;
  };
  const widen = () => {
    const former = [...steps].map(([index, sums]) => [index * stepMs, sums] as const);
    stepMs *= 2;
    steps = new Map();
    for (const [time, sums] of former) addTo(stepOf(time), sums);
  };
  return {
    record: ({ time, from, to }: Change): void => {
      // An event from before the snapshot came late.
      const step = stepOf(Math.max(time, before.at));
      if (from) step[from] -= 1;
      if (to) step[to] += 1;
      while (steps.size > STEPS) widen();
    },
    /** The counts at the end of each step in which they changed; the last one is `until`. */
    points: (until: number): readonly TrendPoint[] => {
      const counts = { ...before.counts };
      const points = [...steps]
        .toSorted(([a], [b]) => a - b)
        .map(([index, sums]) => {
          addTo(counts, sums);
          return { at: Math.min(index * stepMs, until), ...counts };
        })
        .filter(({ at }) => at < until);
      return [...points, { at: until, ...counts }];
    },
  };
};

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

const addTo = (sums: Mutable<StateCounts>, other: StateCounts): void => {
  sums.c += other.c;
  sums.v += other.v;
  sums.x += other.x;
  sums.e += other.e;
  sums.u += other.u;
};

/** All instants of two days, four a day of two weeks, one a day of 400 days: the last one of each. */
const RESOLUTIONS = [
  { maxAge: 2 * DAY_MS, step: 1 },
  { maxAge: 14 * DAY_MS, step: 6 * HOUR_MS },
  { maxAge: 400 * DAY_MS, step: DAY_MS },
] as const;

/** Drops instants that are too old or too close for their age. What is in order stays in order. */
export const thinOut = <Point extends { readonly at: number }>(
  points: readonly Point[],
  now: number,
  resolutions: readonly { readonly maxAge: number; readonly step: number }[] = RESOLUTIONS,
): readonly Point[] => {
  const bucketOf = ({ at }: Point): string | undefined => {
    const resolution = resolutions.find(({ maxAge }) => now - at <= maxAge);
    return resolution && `${resolution.step}/${Math.floor(at / resolution.step)}`;
  };
  return points.filter((point, index) => {
    const bucket = bucketOf(point);
    const next = points[index + 1];
    return bucket !== undefined && (next === undefined || bucketOf(next) !== bucket);
  });
};
