import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { asJson, canonical, digest } from '../../src/base/json.ts';

describe('canonical', () => {
  test('canonical text is the same for any order of keys, at any depth', () => {
    const reversed = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(reversed);
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(
        Object.entries(value)
          .toReversed()
          .map(([name, one]) => [name, reversed(one)]),
      );
    };
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(reversed(value))).toBe(canonical(value));
      }),
    );
  });

  test('canonical text parses to the same value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonical(JSON.parse(canonical(value)))).toBe(canonical(value));
      }),
    );
  });

  test('canonical text depends on the order of elements', () => {
    expect(canonical([1, 2])).not.toBe(canonical([2, 1]));
  });

  test.each<[unknown, string]>([
    [{ b: undefined, a: 1 }, '{"a":1}'],
    [{ at: new Date('2026-11-20T12:00:00Z') }, '{"at":"2026-11-20T12:00:00.000Z"}'],
    [undefined, 'null'],
  ])('the canonical text of %j is %s', (value, text) => {
    expect(canonical(value)).toBe(text);
  });
});

test('a digest is short, stable and hexadecimal', () => {
  expect(digest({ a: 1, b: 2 })).toBe(digest({ b: 2, a: 1 }));
  expect(digest({ a: 1 })).not.toBe(digest({ a: 2 }));
  expect(digest({ a: 1 })).toMatch(/^[0-9a-f]{16}$/);
  expect(digest({ a: 1 }, 24)).toHaveLength(24);
});

test('the JSON of a value has dates as text and no undefined members', () => {
  expect(asJson({ at: new Date(0), gone: undefined })).toEqual({ at: '1970-01-01T00:00:00.000Z' });
});
