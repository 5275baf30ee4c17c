import fc from 'fast-check';
import { expect, test } from 'vitest';

import { createCompactMap } from '../src/compact-map.ts';

test('a compact map has the greatest value of each text and its group, as a map of objects has', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.string(), fc.nat(), fc.nat()), { maxLength: 3000 }), (entries) => {
      const compact = createCompactMap();
      const plain = new Map<string, readonly [number, number]>();
      for (const [text, value, group] of entries) {
        compact.put(text, { value, group }, (known) => known < value);
        if ((plain.get(text)?.[0] ?? -1) < value) plain.set(text, [value, group]);
      }
      const found: string[] = [];
      compact.forEach((value, group) => found.push(`${value}|${group}`));
      expect(found.toSorted()).toEqual([...plain.values()].map((pair) => pair.join('|')).toSorted());
    }),
    { numRuns: 30 },
  );
});

test('a compact map of many texts has each of them', () => {
  const compact = createCompactMap();
  for (let index = 0; index < 50_000; index += 1)
    compact.put(`text ${index % 25_000}`, { value: index, group: index % 7 }, () => true);
  let count = 0;
  let sum = 0;
  compact.forEach((value) => {
    count += 1;
    sum += value;
  });
  expect(count).toBe(25_000);
  expect(sum).toBe((25_000 * (25_000 + 49_999)) / 2);
});
