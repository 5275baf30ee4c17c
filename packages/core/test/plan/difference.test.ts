import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { canonical, type Json } from '../../src/base/json.ts';
import {
  applyDifference,
  conflictsWith,
  describeDelta,
  differenceOf,
  inverse,
  type Difference,
} from '../../src/plan/difference.ts';

const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: 0, max: 3 }),
  fc.constantFrom('x', 'y', ''),
);
const member = fc.constantFrom('a', 'b', 'Sid', 'constructor', '__proto__');

/** Any JSON, small enough for two of them to have much in common; arrays with and without names in their elements. */
const { json } = fc.letrec<{ json: Json; array: Json; object: Json }>((tie) => ({
  json: fc.oneof({ maxDepth: 3 }, scalar, tie('array'), tie('object')),
  array: fc.array(tie('json'), { maxLength: 4 }),
  object: fc.dictionary(
    member.filter((name) => name !== 'Sid'),
    tie('json'),
    { maxKeys: 3 },
  ),
}));

/** A statement of a policy, with or without a Sid. */
const statement = (sid: string | undefined, action: string): Json => ({
  ...(sid !== undefined && { Sid: sid }),
  Effect: 'Allow',
  Action: [action],
});
const nameOf = (element: Json): unknown =>
  (element as { readonly Sid?: unknown } | null)?.Sid ?? canonical(element);
const statements = (sids: readonly string[]) =>
  fc.uniqueArray(
    fc
      .tuple(
        fc.option(fc.constantFrom(...sids), { nil: undefined }),
        fc.constantFrom('s3:Get*', 's3:Put*', 's3:List*'),
      )
      .map(([sid, action]) => statement(sid, action)),
    { maxLength: 5, selector: nameOf },
  );
const policy = (sids: readonly string[] = ['A', 'B', 'C']) =>
  fc.record({ Version: fc.constantFrom('2008-10-17', '2012-10-17'), Statement: statements(sids) });

/** The value with sorted arrays: elements are identified by name or content, not by order. */
const unordered = (value: Json): Json => {
  if (Array.isArray(value))
    return value.map(unordered).toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, unordered(one)]));
};

describe('a difference', () => {
  test('a difference applied to the old document gives the new one, for any JSON', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        expect(unordered(applyDifference(before, differenceOf(before, after)))).toEqual(unordered(after));
      }),
      { numRuns: 1000 },
    );
  });

  test('a difference and then its inverse give the old document, for any JSON', () => {
    fc.assert(
      fc.property(json, json, (before, after) => {
        const difference = differenceOf(before, after);
        expect(conflictsWith(before, difference)).toEqual([]);
        const applied = applyDifference(before, difference);
        expect(conflictsWith(applied, inverse(difference))).toEqual([]);
        expect(unordered(applyDifference(applied, inverse(difference)))).toEqual(unordered(before));
      }),
      { numRuns: 1000 },
    );
  });

  test('the difference of equal documents is empty, for any order of keys', () => {
    expect(differenceOf({ a: 1, b: [{ c: 2, d: 3 }] }, { b: [{ d: 3, c: 2 }], a: 1 })).toEqual([]);
  });

  test('a difference survives the journal as JSON', () => {
    fc.assert(
      fc.property(policy(), policy(), (before, after) => {
        const difference = differenceOf(before, after);
        expect(JSON.parse(JSON.stringify(difference))).toEqual(difference);
      }),
    );
  });

  test('the inverse of a difference restores statements in the same order', () => {
    fc.assert(
      fc.property(policy(), fc.array(fc.boolean(), { minLength: 5, maxLength: 5 }), (before, keep) => {
        const after = { ...before, Statement: before.Statement.filter((_, at) => keep[at]) };
        const difference = differenceOf(before, after);
        expect(applyDifference(after, inverse(difference))).toEqual(before);
      }),
    );
  });

  test('a difference never names an element by its index', () => {
    fc.assert(
      fc.property(policy(), policy(), (before, after) => {
        const names = differenceOf(before, after).flatMap(({ path }) => path);
        expect(names.filter((step) => typeof step === 'number')).toEqual([]);
      }),
    );
    const before = { Statement: [statement('A', 'x'), statement(undefined, 'y')] };
    const after = { Statement: [statement('A', 'z')] };
    expect(differenceOf(before, after).map(({ path }) => path)).toEqual([
      ['Statement', { element: 'A' }, 'Action', { element: '"x"' }],
      ['Statement', { element: 'A' }, 'Action', { element: '"z"' }],
      ['Statement', { element: canonical(statement(undefined, 'y')) }],
    ]);
  });

  test('array elements are identified by Sid, Id or ID', () => {
    for (const name of ['Sid', 'Id', 'ID']) {
      const before = { Rules: [{ [name]: 'keep', days: 1 }] };
      const after = { Rules: [{ [name]: 'keep', days: 2 }] };
      expect(differenceOf(before, after)).toEqual([
        { path: ['Rules', { element: 'keep' }, 'days'], before: 1, after: 2 },
      ]);
    }
  });

  test('the difference of an array with two equal elements is the whole array', () => {
    expect(differenceOf({ a: [1, 1] }, { a: [1] })).toEqual([{ path: ['a'], before: [1, 1], after: [1] }]);
  });

  test('an absent member differs from a null member', () => {
    expect(differenceOf({}, { a: null })).toEqual([{ path: ['a'], after: null }]);
    expect(applyDifference({ a: null }, differenceOf({ a: null }, {}))).toEqual({});
  });
});

describe('another edit', () => {
  test('another edit survives the undo of ours', () => {
    fc.assert(
      fc.property(policy(), policy(), statements(['N1', 'N2']), (before, ours, neighbours) => {
        const difference = differenceOf(before, ours);
        const theirs = neighbours.filter((one) => !isIn(one, before.Statement) && !isIn(one, ours.Statement));
        const live = { ...ours, Statement: [...theirs, ...ours.Statement] };
        fc.pre(conflictsWith(live, inverse(difference)).length === 0);
        const kept = { ...before, Statement: [...before.Statement, ...theirs] };
        expect(unordered(applyDifference(live, inverse(difference)))).toEqual(unordered(kept));
      }),
    );
  });

  test('another edit that removed earlier statements does not move ours to another statement', () => {
    const before = { Statement: [statement('A', 'a'), statement('B', 'b'), statement('C', 'c')] };
    const difference = differenceOf(before, { Statement: [statement('A', 'a'), statement('B', 'b')] });
    const live = { Statement: [statement('C', 'c'), statement('B', 'b')] };
    expect(applyDifference(live, difference)).toEqual({ Statement: [statement('B', 'b')] });
  });

  test.each<[string, boolean, Json]>([
    ['another edit of another member', false, { length: 14, age: 30, reuse: 5 }],
    ['another edit of the same member', true, { length: 20, age: 90, reuse: 5 }],
    ['another edit that removed the member', true, { age: 90, reuse: 5 }],
    ['another edit that already reverted ours', true, { length: 8, age: 90, reuse: 5 }],
  ])('%s conflicts with the undo of ours: %s', (_, conflicting, live) => {
    const back = inverse(differenceOf({ length: 8, age: 90 }, { length: 14, age: 90 }));
    expect(conflictsWith(live, back).length > 0).toBe(conflicting);
  });

  test('another edit conflicts in the statement that we added, but not in the one beside it', () => {
    const before = { Statement: [statement('A', 'a')] };
    const back = inverse(differenceOf(before, { Statement: [statement('A', 'a'), statement('B', 'b')] }));
    expect(conflictsWith({ Statement: [statement('A', 'z'), statement('B', 'b')] }, back)).toEqual([]);
    expect(conflictsWith({ Statement: [statement('A', 'a'), statement('B', 'z')] }, back)).toHaveLength(1);
    expect(conflictsWith({ Statement: [statement('A', 'a')] }, back)).toHaveLength(1);
  });

  test('another edit that added what we removed conflicts with the undo', () => {
    const back = inverse(differenceOf({ Statement: [statement('A', 'a')] }, { Statement: [] }));
    expect(conflictsWith({ Statement: [statement('A', 'z')] }, back)).toHaveLength(1);
    expect(conflictsWith({ Statement: [] }, back)).toEqual([]);
  });

  test('another edit that equals ours is found before ours is applied', () => {
    const difference = differenceOf({ a: 1 }, { a: 1, b: 2 });
    expect(conflictsWith({ a: 1, b: 2 }, difference)).toEqual(difference);
  });
});

const isIn = (one: Json, all: readonly Json[]) => all.some((other) => nameOf(other) === nameOf(one));

test.each<[Difference[number], string]>([
  [
    { path: ['Statement', { element: 'AllowAudit' }, 'Effect'], before: 'Deny', after: 'Allow' },
    'Statement[AllowAudit].Effect: "Deny" → "Allow"',
  ],
  [{ path: ['MinimumPasswordLength'], before: 8, after: 14 }, 'MinimumPasswordLength: 8 → 14'],
  [{ path: ['a'], after: null }, 'a: (absent) → null'],
  [{ path: ['a'], before: 1 }, 'a: 1 → (absent)'],
  [{ path: [], before: 1, after: 2 }, '(whole document): 1 → 2'],
])('the description of %j is %s', (delta, line) => {
  expect(describeDelta(delta)).toBe(line);
});
