import { expect, test } from 'vitest';
import * as z from 'zod';

import { parseOrThrow } from '../../src/base/parse.ts';

const schema = z.strictObject({
  name: z.string().transform((text) => text.length),
  limits: z.strictObject({ hours: z.int().min(1) }),
});
const parse = (input: unknown) =>
  parseOrThrow(schema, input, { code: 'malformed-event', what: 'event of the test' });

test('a valid input is parsed and transformed', () => {
  expect(parse({ name: 'abc', limits: { hours: 2 } })).toEqual({ name: 3, limits: { hours: 2 } });
});

test('an invalid input is a permanent error with the given code and the cause', () => {
  expect(() => parse({})).toThrow(
    expect.objectContaining({
      kind: 'permanent',
      code: 'malformed-event',
      cause: expect.any(z.ZodError) as unknown,
    }),
  );
});

test.each<[string, unknown, string]>([
  ['no input', undefined, 'Invalid event of the test: is missing'],
  [
    'two mistakes',
    { name: 1, limits: { hours: 0 } },
    'Invalid event of the test: name: must be text, not the number 1; put it in quotes; limits.hours: must be at least 1',
  ],
  [
    'an unknown key',
    { name: '', limits: { hours: 1 }, extra: 1 },
    "Invalid event of the test: unknown key 'extra'",
  ],
])('the error of %s names each mistake and its path in one line', (_, input, message) => {
  expect(() => parse(input)).toThrow(expect.objectContaining({ message }));
});
