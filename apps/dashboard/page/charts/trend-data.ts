import { countsAt, score, type Counts, type Overview } from '@compliance/dashboard-data';

import { duration, instant, number, percent, plural, signed } from '../base/format.ts';

/** An instant of the trend. */
export interface TrendPoint {
  readonly at: number;
  readonly counts: Counts;
  readonly score: number | undefined;
}

export const trendPoints = ({ trend }: Overview): readonly TrendPoint[] =>
  trend.at.map((at, index) => {
    const counts = countsAt(trend.counts, index);
    return { at, counts, score: score(counts) };
  });

const DAY = 86_400;

/** The point nearest before so many days ago; the oldest one when there is none before. */
export const pointBefore = (points: readonly TrendPoint[], days: number): TrendPoint | undefined => {
  const last = points.at(-1);
  if (!last) return undefined;
  return points.findLast(({ at }) => at <= last.at - days * DAY) ?? points[0];
};

export interface Gap {
  readonly from: number;
  readonly to: number;
  readonly reason: string;
}

export const gapsOf = ({ gaps, texts }: Overview): readonly Gap[] =>
  gaps.from.map((from, index) => ({
    from,
    to: gaps.to[index] ?? from,
    reason: texts[gaps.reason[index] ?? -1] ?? '',
  }));

/** The points with a break where the ledger has no record, so that no line is drawn over it. */
export const withBreaks = (
  points: readonly TrendPoint[],
  gaps: readonly Gap[],
): readonly (TrendPoint | undefined)[] =>
  points.flatMap((point, index) => {
    const before = points[index - 1];
    const isBroken = before !== undefined && gaps.some(({ from, to }) => from < point.at && to > before.at);
    return isBroken ? [undefined, point] : [point];
  });

/** What the chart shows, in sentences. */
export const trendInWords = (points: readonly TrendPoint[], gaps: readonly Gap[]): string => {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last || first === last)
    return 'There is one measurement so far: the trend begins with the next.';
  const change = (last.score ?? 0) - (first.score ?? 0);
  return [
    `The score went from ${percent(first.score)} to ${percent(last.score)} (${signed(change)} points) within ${duration(last.at - first.at)}.`,
    `Violating resources went from ${number(first.counts.violating)} to ${number(last.counts.violating)}.`,
    ...(gaps.length > 0
      ? [
          `${plural(gaps.length, 'period')} without record: ${gaps.map(({ from, to, reason }) => `${instant(from)} to ${instant(to)}, ${reason}`).join(' ')}`,
        ]
      : []),
  ].join(' ');
};
