import type { Hour } from '@compliance/evidence';
import { InvalidArgumentError } from 'commander';

/** @throws {InvalidArgumentError} unless the value is an account id */
export const accountId = (value: string): string => {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('Expected an account id of 12 digits.');
  return value;
};

/** @throws {InvalidArgumentError} unless the value is a number above zero */
export const positive = (value: string): number => {
  const number = Number(value);
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('Expected a number above 0.');
  return number;
};

/** @throws {InvalidArgumentError} unless the value is a whole number above zero */
export const wholeNumber = (value: string): number => {
  if (!/^[1-9]\d{0,3}$/.test(value)) throw new InvalidArgumentError('Expected a whole number above 0.');
  return Number(value);
};

/** @throws {InvalidArgumentError} unless the value is a whole number of days */
export const wholeDays = (value: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('Expected a number of days, 1 or more.');
  return Number(value);
};

/** @throws {InvalidArgumentError} unless the value is an hour of UTC, or a day, which stands for its first hour */
export const hour = (value: string): Hour => {
  const [, day, ofDay = '00'] = /^(\d{4}-\d\d-\d\d)(?:T(\d\d))?$/.exec(value) ?? [];
  const start = new Date(`${day}T${ofDay}:00:00Z`);
  // A Date makes the 2nd of March of the 30th of February. No hour is before the first one of the year 0.
  if (
    day === undefined ||
    day < '0001' ||
    Number.isNaN(start.getTime()) ||
    !start.toISOString().startsWith(`${day}T${ofDay}`)
  )
    throw new InvalidArgumentError('Expected an hour of UTC, such as 2026-11-29T14, or a day.');
  return `${day}T${ofDay}`;
};

/** @throws {InvalidArgumentError} unless the value is a SHA-256 */
export const fingerprint = (value: string): string => {
  const hex = value.toLowerCase().replaceAll(':', '');
  if (!/^[0-9a-f]{64}$/.test(hex))
    throw new InvalidArgumentError('Expected the SHA-256 of a public key: 64 hexadecimal digits.');
  return hex;
};

/** @throws {InvalidArgumentError} unless the value is a port that needs no privilege */
export const portNumber = (value: string): number => {
  const port = Number(value);
  if (!/^\d{1,5}$/.test(value) || port < 1024 || port > 65_535)
    throw new InvalidArgumentError('Expected a port from 1024 to 65535.');
  return port;
};

/** Collects the values of an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];
