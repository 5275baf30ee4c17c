import { createHash } from 'node:crypto';

import * as z from 'zod';

/** A value that `JSON.parse(JSON.stringify(value))` does not change. */
export const Json = z.json();
export type Json = z.infer<typeof Json>;

/** The value as JSON: dates as text, no `undefined` members. */
export const asJson = (value: unknown): Json => Json.parse(JSON.parse(JSON.stringify(value)));

/** Equal values have equal text: keys sorted, `undefined` members left out, dates as ISO text. */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, member: unknown) => (isPlainObject(member) ? sortKeys(member) : member)) ??
  'null';

/** The first `length` hex digits of the SHA-256 of a value's canonical text. */
export const digest = (value: unknown, length = 16): string =>
  createHash('sha256').update(canonical(value)).digest('hex').slice(0, length);

export const isPlainObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);

const sortKeys = (object: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(object).toSorted(([a], [b]) => (a < b ? -1 : 1)));
