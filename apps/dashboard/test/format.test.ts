import { expect, it } from 'vitest';

import { duration, tickOf, visible } from '../page/base/format.ts';
import { isMonthAgo } from '../page/charts/trend-data.ts';

const NOON = Date.parse('2026-11-29T12:00:05Z') / 1000;

it('an axis shows times in UTC where one day would be repeated, and days otherwise', () => {
  expect(tickOf(400 * 86_400)(NOON)).toBe('29 Nov 2026');
  expect(tickOf(3_600)(NOON)).toBe('12:00');
  expect(tickOf(20)(NOON)).toBe('12:00:05');
});

it('a duration of less than a minute is in seconds, and not zero minutes', () => {
  expect([0, 0.2, 20, 60, 7_200].map(duration)).toEqual(['0 min', '1 s', '20 s', '1 min', '2 h']);
});

it('characters that hide or reorder a text are shown, others stay', () => {
  expect(visible('a\u061cb\u00adc\u{e0041}d')).toBe(String.raw`a\u061cb\u00adc\ue0041d`);
  expect(visible('שלום 👍 é')).toBe('שלום 👍 é');
});

it('a point is of a month ago unless it is younger, or the ledger has a gap from it to then', () => {
  const days = (count: number) => NOON - count * 86_400;
  const point = {
    at: days(40),
    score: 50,
    counts: { compliant: 1, violating: 1, exempt: 0, excluded: 0, unknown: 0 },
  };
  const within = (from: number, to: number) => ({
    asOf: NOON,
    gaps: { from: [days(from)], to: [days(to)], reason: [0] },
  });
  expect(isMonthAgo(point, within(90, 41))).toBe(true);
  expect(isMonthAgo(point, within(20, 10))).toBe(true);
  expect(isMonthAgo(point, within(39, 6))).toBe(false);
  expect(isMonthAgo({ ...point, at: days(29) }, within(90, 41))).toBe(false);
});
