import * as z from 'zod';

/**
 * A time, however AWS writes it.
 * SDKs return dates; events hold ISO 8601; the CLI prints seconds since 1970, as numbers or text. A number from 1e11 on
 * is milliseconds: as seconds it would be after the year 5000, and as milliseconds less would be before AWS Config.
 * A text without a time zone is UTC, in which AWS keeps its times, and never the zone of this machine.
 * @see https://docs.aws.amazon.com/cli/latest/topic/config-vars.html
 */
export const Time = z
  .union([z.date(), z.number(), z.string()], { error: () => NO_TIME })
  .transform((value, context): Date => {
    const time = dateOf(value);
    if (time !== undefined && !Number.isNaN(time.getTime())) return time;
    context.addIssue({ code: 'custom', message: NO_TIME });
    return z.NEVER;
  });

const NO_TIME = 'is neither a time in ISO 8601 nor seconds or milliseconds since 1970';

const FIRST_MILLISECONDS = 1e11;

const dateOf = (value: Date | number | string): Date | undefined => {
  if (value instanceof Date) return value;
  if (typeof value === 'string' && !NUMBER.test(value)) return dateOfIso(value);
  const number = Number(value);
  return new Date(Math.round(number < FIRST_MILLISECONDS ? number * 1000 : number));
};

const NUMBER = /^\d{1,15}(\.\d+)?$/;

const dateOfIso = (text: string): Date | undefined => {
  const [, day, time, sign, hours, minutes = '00'] = ISO.exec(text) ?? [];
  if (day === undefined || time === undefined) return undefined;
  const iso = `${day}T${time}${sign === undefined ? 'Z' : `${sign}${hours}:${minutes}`}`;
  return z.iso.datetime({ offset: true }).safeParse(iso).success ? new Date(iso) : undefined;
};

// Python prints a space instead of T, and an offset without a colon.
const ISO =
  /^(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(?:[Zz]|([+-])(\d{2})(?::?(\d{2}))?)?$/;
