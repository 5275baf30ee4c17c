import { expect, test } from 'vitest';

import { shortId } from '../src/format/short-id.ts';
import type { Hour } from '../src/format/period.ts';
import { createIdWindow } from '../src/read/id-window.ts';

const idOf = (id: string) => shortId('verdicts', { accountId: '111122223333', id });

const hour = (day: number, of = 0): Hour =>
  `${new Date(Date.UTC(2026, 0, 1 + day)).toISOString().slice(0, 10)}T${String(of).padStart(2, '0')}`;

test('an id is found in the 35 days after it, and no other one is', () => {
  const window = createIdWindow();
  const add = (id: string, day: number, of?: number) => window.add(idOf(id), 0, hour(day, of));
  expect(add('a', 0, 7)).toBeUndefined();
  expect(add('b', 0, 8)).toBeUndefined();
  expect(add('b', 0, 9)).toBe(hour(0, 8));
  expect(add('a', 35)).toBe(hour(0, 7));
  expect(add('b', 36)).toBeUndefined();
});

test('what was imported and the first hour of its day are told apart', () => {
  const window = createIdWindow();
  expect(window.add(idOf('a'), 0, '2026-01-01.imported')).toBeUndefined();
  expect(window.add(idOf('b'), 0, '2026-01-01T00')).toBeUndefined();
  expect(window.add(idOf('a'), 0, '2026-01-02T00')).toBe('2026-01-01.imported');
  expect(window.add(idOf('b'), 0, '2026-01-02T00')).toBe('2026-01-01T00');
});

test('of many days, all ids of the last 35 are found and all others are forgotten', () => {
  const window = createIdWindow();
  const DAYS = 90;
  const PER_DAY = 300;
  const all = Array.from({ length: DAYS }, (_, day) =>
    Array.from({ length: PER_DAY }, (__, number) => ({ day, id: idOf(`${day}-${number}`) })),
  ).flat();
  const found = all.filter(({ id, day }) => window.add(id, 0, hour(day)) !== undefined);
  expect(found).toEqual([]);
  const again = all.map(({ id }) => window.add(id, 0, hour(DAYS - 1)));
  expect(again).toEqual(all.map(({ day }) => (DAYS - 1 - day <= 35 ? hour(day) : undefined)));
});
