import { countsAt, score, type Counts, type Overview } from '@compliance/dashboard-data';

import { duration, instant, number, percent, plural, shortened, signed, since } from '../base/format.ts';

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

/** Days that a month is compared with. */
export const MONTH = 30;

/** The point nearest before so many days ago; the oldest one when there is none before. */
export const pointBefore = (points: readonly TrendPoint[], days: number): TrendPoint | undefined => {
  const last = points.at(-1);
  if (!last) return undefined;
  return points.findLast(({ at }) => at <= last.at - days * DAY) ?? points[0];
};

/** Whether a point says how it was a month ago: it is old enough, and the ledger has all that happened from it to then. */
export const isMonthAgo = ({ at }: TrendPoint, { asOf, gaps }: Pick<Overview, 'asOf' | 'gaps'>): boolean => {
  const then = asOf - MONTH * DAY;
  return at <= then && !gaps.from.some((from, index) => from < then && (gaps.to[index] ?? from) > at);
};

/** The point with the lowest score, the first of several. */
export const lowestOf = (points: readonly TrendPoint[]): TrendPoint | undefined =>
  points.reduce<TrendPoint | undefined>(
    (least, point) => ((point.score ?? 101) < (least?.score ?? 101) ? point : least),
    undefined,
  );

export interface Gap {
  readonly from: number;
  readonly to: number;
  /** Without hidden characters, for a sentence. */
  readonly reason: string;
}

export const gapsOf = ({ gaps, texts }: Overview): readonly Gap[] =>
  gaps.from.map((from, index) => ({
    from,
    to: gaps.to[index] ?? from,
    reason: shortened(texts[gaps.reason[index] ?? -1] ?? ''),
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
  const lowest = lowestOf(points) ?? first;
  const most = Math.max(...points.map(({ counts }) => counts.violating));
  return [
    `The score went from ${percent(first.score)} to ${percent(last.score)} (${signed(change)} points) within ${duration(last.at - first.at)}; the lowest was ${percent(lowest.score)}, ${since(lowest.at, last.at)}.`,
    `Violating resources went from ${number(first.counts.violating)} to ${number(last.counts.violating)}; the most were ${number(most)}.`,
    ...(gaps.length > 0
      ? [
          `${plural(gaps.length, 'period')} without record: ${gaps.map(({ from, to, reason }) => `${instant(from)} to ${instant(to)}, ${reason}`).join(' ')}`,
        ]
      : []),
  ].join(' ');
};
