import { aligned, lines } from '../../output/aligned.ts';
import type { CallCounts } from './admission.ts';
import type { SourceEnd } from './scan-source.ts';

export type CallsByService = Readonly<Record<string, CallCounts>>;

/** The calls by service, most first. A retry is a call of its own. */
export const describeCalls = (calls: readonly CallsByService[]): string => {
  const sums = new Map<string, CallCounts>();
  for (const [service, { calls: more, throttled }] of calls.flatMap((ofOne) => Object.entries(ofOne))) {
    const sum = sums.get(service) ?? { calls: 0, throttled: 0 };
    sums.set(service, { calls: sum.calls + more, throttled: sum.throttled + throttled });
  }
  const rows = [...sums].toSorted(([, a], [, b]) => b.calls - a.calls);
  const total = (of: keyof CallCounts) => rows.reduce((sum, [, counts]) => sum + counts[of], 0);
  return lines(
    aligned([
      ['Service', 'Calls', 'Throttled'],
      ...rows.map(([service, counts]) => [service, counts.calls, counts.throttled]),
      ['all', total('calls'), total('throttled')],
    ]),
  );
};

/** How old the records are that verdicts come from. */
export const describeItems = (all: readonly NonNullable<SourceEnd['items']>[]): string => {
  const count = all.reduce((sum, { items }) => sum + items, 0);
  const times = all.flatMap(({ oldest, newest }) => [oldest, newest].filter((time) => time !== undefined));
  const [first, last] = [Math.min, Math.max].map((of) => of(...times.map((time) => time.getTime())));
  const ages =
    times.length === 0 || first === undefined || last === undefined
      ? ''
      : `, captured from ${minuteOf(first)} to ${minuteOf(last)} UTC`;
  return `AWS Config: ${count} items${ages}\n`;
};

const minuteOf = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
