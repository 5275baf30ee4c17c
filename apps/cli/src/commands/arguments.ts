import { InvalidArgumentError } from 'commander';

/** @throws {InvalidArgumentError} unless the value is an account id */
export const accountId = (value: string): string => {
  if (!/^\d{12}$/.test(value)) throw new InvalidArgumentError('Expected an account id of 12 digits.');
  return value;
};

/** @throws {InvalidArgumentError} unless the value is a whole number of days */
export const wholeDays = (value: string): number => {
  if (!/^[1-9]\d{0,4}$/.test(value)) throw new InvalidArgumentError('Expected a number of days, 1 or more.');
  return Number(value);
};

/** Collects the values of an option that may be repeated. */
export const collect = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
];
