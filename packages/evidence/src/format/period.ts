import * as z from 'zod';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is sealed at once: an hour, or what a day of the ledger had before its first sealed hour. */
export type Period = Hour | Imported;

/** An hour of UTC: `2026-11-29T14`. */
export type Hour = `${string}T${string}`;

/** What is older than the first sealed hour, by its day: `2026-11-29.imported`. It sorts before the hours of its day. */
export type Imported = `${string}.imported`;

const isText = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

/** Parses a day. */
export const DayText = z.string().regex(/^\d{4}-\d\d-\d\d$/, 'is not a day such as 2026-11-29');

/** Parses an hour. */
export const HourText = z.custom<Hour>(
  isText(/^\d{4}-\d\d-\d\dT([01]\d|2[0-3])$/),
  'is not an hour such as 2026-11-29T14',
);

/** Parses a period. */
export const PeriodText = z.union([
  HourText,
  z.custom<Imported>(isText(/^\d{4}-\d\d-\d\d\.imported$/), 'is not a day such as 2026-11-29.imported'),
]);

export const hourOf = (time: Date): Hour =>
  `${time.toISOString().slice(0, 10)}T${time.toISOString().slice(11, 13)}`;

export const startOf = (hour: Hour): Date => new Date(`${hour}:00:00.000Z`);

/** The hour so many hours later. */
export const hoursLater = (hour: Hour, hours: number): Hour =>
  hourOf(new Date(startOf(hour).getTime() + hours * HOUR_MS));

export const importedOf = (day: string): Imported => `${day}.imported`;

export const isHour = (period: Period): period is Hour => !period.endsWith('.imported');

/** The day of a period: `2026-11-29`. */
export const dayOf = (period: Period): string => period.slice(0, 10);

/** The day so many days before: days are compared as text. */
export const daysBefore = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) - days * DAY_MS).toISOString().slice(0, 10);

/** The days from one to another (inclusive). */
export const daysBetween = (first: string, last: string): readonly string[] => {
  const days: string[] = [];
  for (let day = first; day <= last; day = daysBefore(day, -1)) days.push(day);
  return days;
};

/** The number of a period's day, and of its place in it: periods have their order. */
export const ordinalOf = (period: Period): number =>
  (Date.parse(`${dayOf(period)}T00:00:00Z`) / DAY_MS) * PERIODS_A_DAY +
  (isHour(period) ? 1 + Number(period.slice(11)) : 0);

/** The period of such a number. */
export const periodOfOrdinal = (ordinal: number): Period => {
  const day = new Date(daysOf(ordinal) * DAY_MS).toISOString().slice(0, 10);
  const place = ordinal % PERIODS_A_DAY;
  return place === 0 ? importedOf(day) : `${day}T${String(place - 1).padStart(2, '0')}`;
};

/** The day of such a number, counted from 1970. */
export const daysOf = (ordinal: number): number => Math.floor(ordinal / PERIODS_A_DAY);

/** What was imported, and the hours. */
const PERIODS_A_DAY = 25;

/** When the retention of a period begins: at its hour, or at its day. It never depends on when it is sealed. */
export const retentionStart = (period: Period): Date =>
  isHour(period) ? startOf(period) : new Date(`${dayOf(period)}T00:00:00.000Z`);
