export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Milliseconds since 1970; a time before that, which only a hostile event has, is 1970. */
export const millisecondsOf = (time: string): number => Math.max(0, Date.parse(time));

/** With a fixed width, so that texts sort like their times. */
export const sortableTime = (milliseconds: number): string => String(milliseconds).padStart(15, '0');
