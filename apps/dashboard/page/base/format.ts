const whole = new Intl.NumberFormat('en-GB');
const dateOnly = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  timeZone: 'UTC',
});
const timeOnly = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: 'UTC' });
const timeWithSeconds = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: 'UTC' });

/** `12,345` */
// The formatter takes ten times as long for the same text, and a matrix has thousands of small numbers.
export const number = (value: number): string =>
  Number.isInteger(value) && value >= 0 && value < 1000 ? String(value) : whole.format(value);

/** `1 account`, `2,000 accounts` */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${number(count)} ${count === 1 ? one : many}`;

/** `29 Nov 2026`, in UTC, from seconds. */
export const day = (seconds: number): string => dateOnly.format(seconds * 1000).replace('Sept', 'Sep');

/** `29 Nov 2026, 12:00`, from seconds, where a title says that it is UTC. */
export const minute = (seconds: number): string => `${day(seconds)}, ${timeOnly.format(seconds * 1000)}`;

/** `29 Nov 2026, 12:00 UTC`, from seconds. */
export const instant = (seconds: number): string => `${minute(seconds)} UTC`;

/** `2026-11-29T12:00:00Z`: for exports. */
export const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** For an axis that is so many seconds long: the day, or the time in UTC where one day would be repeated. */
export const tickOf = (span: number): ((seconds: number) => string) => {
  if (span >= 2 * DAY) return day;
  const format = span >= 10 * MINUTE ? timeOnly : timeWithSeconds;
  return (seconds) => format.format(seconds * 1000);
};

/** How long something is or was: `40 s`, `12 min`, `5 h`, `12 days`, from seconds. */
export const duration = (seconds: number): string => {
  if (seconds > 0 && seconds < MINUTE) return `${Math.max(1, Math.round(seconds))} s`;
  if (seconds < HOUR) return `${Math.max(0, Math.round(seconds / MINUTE))} min`;
  if (seconds < 2 * DAY) return `${Math.round(seconds / HOUR)} h`;
  return plural(Math.round(seconds / DAY), 'day');
};

/** An earlier instant: its day, or its time too where it is of the last two days. */
export const since = (seconds: number, now: number): string =>
  now - seconds < 2 * DAY ? instant(seconds) : day(seconds);

/** `+4`, `−3`, `±0`: with a true minus. */
export const signed = (value: number): string => {
  if (value === 0) return '±0';
  return `${value > 0 ? '+' : '−'}${number(Math.abs(value))}`;
};

/** `87 %`, or a dash where nothing is judged. */
export const percent = (value: number | undefined): string => (value === undefined ? '–' : `${value} %`);

/** Characters that hide or reorder a text: controls, bidirectional marks and overrides, invisible ones. */
const HIDDEN =
  // oxlint-disable-next-line no-control-regex, no-misleading-character-class -- they are what is searched for.
  /[\u0000-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180E\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\u{E0000}-\u{E007F}]/gu;

/** The text with hidden characters made visible, as `\u202e`. */
export const visible = (text: string): string =>
  text.replaceAll(
    HIDDEN,
    (character) => `\\u${(character.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`,
  );

/** At most so many characters, for a cell. The whole text is where its link leads. */
export const shortened = (text: string, length = 120): string => {
  const shown = visible(text.slice(0, length + 1));
  return shown.length <= length ? shown : `${shown.slice(0, length - 1)}…`;
};
