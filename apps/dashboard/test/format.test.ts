import { expect, it } from 'vitest';

import { duration, tickOf } from '../page/base/format.ts';

const NOON = Date.parse('2026-11-29T12:00:05Z') / 1000;

it('an axis shows times in UTC where one day would be repeated, and days otherwise', () => {
  expect(tickOf(400 * 86_400)(NOON)).toBe('29 Nov 2026');
  expect(tickOf(3_600)(NOON)).toBe('12:00');
  expect(tickOf(20)(NOON)).toBe('12:00:05');
});

it('a duration of less than a minute is in seconds, and not zero minutes', () => {
  expect([0, 0.2, 20, 60, 7_200].map(duration)).toEqual(['0 min', '1 s', '20 s', '1 min', '2 h']);
});
