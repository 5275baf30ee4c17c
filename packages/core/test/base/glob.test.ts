import fc from 'fast-check';
import { expect, test } from 'vitest';

import { isGlobMatch } from '../../src/base/glob.ts';

test.each([
  ['logs', 'logs', true],
  ['logs', 'logs-2', false],
  ['logs', 'my-logs', false],
  ['logs-*', 'logs-', true],
  ['logs-*', 'logs', false],
  ['*logs*', 'my-logs-2', true],
  ['a*c', 'a\nb\nc', true],
  ['a.c', 'abc', false],
  ['[a]', 'a', false],
  ['a+', 'aa', false],
  ['arn:aws:iam::*:role/(x)', 'arn:aws:iam::111122223333:role/(x)', true],
  ['A', 'a', false],
  ['*', '', true],
])('the pattern %j matches %j: %s', (pattern, text, matches) => {
  expect(isGlobMatch(pattern, text)).toBe(matches);
});

test('a pattern without an asterisk matches only itself', () => {
  const text = fc.string().filter((one) => !one.includes('*'));
  fc.assert(
    fc.property(text, text, (pattern, other) => {
      expect(isGlobMatch(pattern, pattern)).toBe(true);
      expect(isGlobMatch(pattern, other)).toBe(pattern === other);
    }),
  );
});

test('an asterisk matches any run of characters', () => {
  fc.assert(
    fc.property(fc.string(), fc.string(), fc.string(), (start, middle, end) => {
      expect(isGlobMatch(`${start}*${end}`, `${start}${middle}${end}`)).toBe(true);
    }),
  );
});
