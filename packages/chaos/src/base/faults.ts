import { awsError, type SeededRandom } from '@compliance/core/simulation';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;

/** What may be away for a while. `aws` is the services that rules call in members' accounts. */
export const PLACES = ['log', 'topic', 'ledger', 'table', 'settings', 'config', 'sts', 'aws'] as const;
export type Place = (typeof PLACES)[number];

export interface Outages {
  readonly isAway: (place: Place, now: Date) => boolean;
  /** How many there are. */
  readonly count: number;
}

/** For each place, about one outage a week, of two minutes to three weeks. */
export const planOutages = (random: SeededRandom, start: Date, days: number): Outages => {
  const end = start.getTime() + days * DAY_MS;
  const windows = new Map<string, (readonly [number, number])[]>();
  let count = 0;
  for (const place of PLACES) {
    const own: (readonly [number, number])[] = [];
    let time = start.getTime();
    for (;;) {
      time += random.scale(6 * HOUR_MS, 21 * DAY_MS);
      if (time >= end) break;
      // The longest ones are rare: a table that is away for weeks stops nearly everything else.
      const longest = random.chance(place === 'table' || place === 'settings' ? 0.15 : 0.4)
        ? 21 * DAY_MS
        : DAY_MS;
      const until = Math.min(end, time + random.scale(2 * MINUTE_MS, longest));
      own.push([time, until]);
      time = until;
      count += 1;
    }
    windows.set(place, own);
  }
  return {
    count,
    isAway: (place, now) =>
      windows.get(place)?.some(([from, to]) => from <= now.getTime() && now.getTime() < to) ?? false,
  };
};

/** The error of a service that is away. */
export const unavailable = (place: string) => awsError('ServiceUnavailable', `${place} is away`, 503);
