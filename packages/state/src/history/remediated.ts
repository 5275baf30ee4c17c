import * as z from 'zod';

import { DAY_MS } from '../base/times.ts';

/** How long the violations of a rule lasted that ended on a day. */
export const RemediatedDay = z.object({
  /** Days since 1970. */
  day: z.int(),
  rule: z.string(),
  count: z.int(),
  sumMs: z.number(),
  /** How many lasted how long, by `bucketOf`. */
  buckets: z.record(z.string(), z.int()),
});
export type RemediatedDay = Readonly<z.infer<typeof RemediatedDay>>;

const KEPT_DAYS = 90;

// Sixteen buckets for each doubling: a percentile is within 2.2 % of the exact one, and memory is flat.
const PER_DOUBLING = 16;
const bucketOf = (ms: number): number => Math.round(Math.log2(ms / 1000 + 1) * PER_DOUBLING);
const durationOf = (bucket: number): number => Math.round((2 ** (bucket / PER_DOUBLING) - 1) * 1000);

/** Collects how long violations lasted, beside the days that are known. */
export const createRemediated = (known: readonly RemediatedDay[]) => {
  const days = new Map<
    string,
    { day: number; rule: string; count: number; sumMs: number; buckets: Record<string, number> }
  >();
  for (const one of known) days.set(`${one.day}|${one.rule}`, { ...one, buckets: { ...one.buckets } });
  return {
    record: (rule: string, time: number, lasted: number): void => {
      const day = Math.floor(time / DAY_MS);
      const key = `${day}|${rule}`;
      const own = days.get(key) ?? { day, rule, count: 0, sumMs: 0, buckets: {} };
      days.set(key, own);
      own.count += 1;
      own.sumMs += lasted;
      const bucket = bucketOf(lasted);
      own.buckets[bucket] = (own.buckets[bucket] ?? 0) + 1;
    },
    days: (until: number): readonly RemediatedDay[] =>
      [...days.values()]
        .filter(({ day }) => day > until / DAY_MS - KEPT_DAYS)
        .toSorted((a, b) => a.day - b.day || (a.rule < b.rule ? -1 : 1)),
  };
};

/** The mean and the 90th percentile in milliseconds, `undefined` when no violation ended. */
export const summariseDurations = (days: readonly RemediatedDay[]) => {
  const count = days.reduce((sum, day) => sum + day.count, 0);
  if (count === 0) return undefined;
  const buckets = new Map<number, number>();
  for (const day of days)
    for (const [bucket, of] of Object.entries(day.buckets))
      buckets.set(Number(bucket), (buckets.get(Number(bucket)) ?? 0) + of);
  let rest = Math.ceil(count * 0.9);
  const p90 = [...buckets]
    .toSorted(([a], [b]) => a - b)
    .find(([, of]) => {
      rest -= of;
      return rest <= 0;
    });
  const mean = days.reduce((sum, day) => sum + day.sumMs, 0) / count;
  return { count, mean: Math.round(mean), p90: durationOf(p90?.[0] ?? 0) };
};
