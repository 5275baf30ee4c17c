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
  ['a*a', 'a', false],
  ['ab*ba', 'aba', false],
  ['a*b*b', 'ab', false],
  ['**', 'a', true],
  ['a**b', 'ab', true],
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

/** What a pattern means, as a search that tries every place for each asterisk. */
const matchesSomehow = (pattern: string, text: string): boolean => {
  if (pattern === '') return text === '';
  if (pattern.startsWith('*'))
    return matchesSomehow(pattern.slice(1), text) || (text !== '' && matchesSomehow(pattern, text.slice(1)));
  return text.startsWith(pattern.slice(0, 1)) && matchesSomehow(pattern.slice(1), text.slice(1));
};

test('a pattern matches what a search of all places finds', () => {
  const pattern = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const text = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  fc.assert(
    fc.property(pattern, text, (glob, name) => {
      expect(isGlobMatch(glob, name)).toBe(matchesSomehow(glob, name));
    }),
    { numRuns: 2000 },
  );
});

test.each([
  ['three asterisks on 500 dashes', '*-*-*-x', '-'.repeat(500)],
  ['a thousand asterisks', '*a'.repeat(1000) + '*b', 'a'.repeat(5000)],
  ['asterisks side by side', '*'.repeat(1000) + 'b', 'a'.repeat(5000)],
])('the steps of a match do not multiply with %s', (_, pattern, text) => {
  // A matcher that goes back takes longer than the age of the universe on the second; this one looks at each part once.
  expect(isGlobMatch(pattern, text)).toBe(false);
});
