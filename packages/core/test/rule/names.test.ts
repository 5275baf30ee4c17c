import { expect, test } from 'vitest';

import { firstOf, shortened } from '../../src/rule/names.ts';
import { nonCompliant, notApplicable } from '../../src/rule/verdict.ts';

test('the first three of a thousand names are shown, and the others are counted', () => {
  const names = Array.from({ length: 1000 }, (_, index) => `n${index}`);
  expect(firstOf(names)).toBe('n0, n1, n2 and 997 more');
  expect(firstOf(names.slice(0, 3))).toBe('n0, n1, n2');
  expect(firstOf([])).toBe('');
});

test('a name that is too long keeps both ends, by which names differ', () => {
  expect(shortened('application-a-production', 12)).toBe('appli...tion');
  expect(shortened('short', 12)).toBe('short');
  expect(firstOf(['x'.repeat(512)])).toHaveLength(50);
});

test('the annotation of a verdict is ASCII on one line, whatever a name in it holds', () => {
  const annotation = 'Alarm K?ln a ? is off.';
  expect(nonCompliant('Alarm Köln\na \u202e is off.')).toMatchObject({ annotation });
  expect(notApplicable('Alarm Köln\na \u202e is off.')).toMatchObject({ annotation });
});
