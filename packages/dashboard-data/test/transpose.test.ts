import { expect, test } from 'vitest';

import { restore, transpose, type Json } from '../src/index.ts';

const again = (values: readonly Json[]) => restore(transpose(values));

test.for<readonly [string, readonly Json[]]>([
  ['none', []],
  ['texts and numbers', ['a', 1, null, true]],
  ['lists of different lengths', [[], [1], [1, 2, 3], []]],
  ['only empty lists', [[], []]],
  [
    'objects',
    [
      { a: 1, b: ['x'] },
      { a: 2, b: [] },
    ],
  ],
  ['objects of other keys', [{ a: 1 }, { b: 1 }]],
  [
    'objects whose keys are in another order',
    [
      { a: 1, b: 2 },
      { b: 1, a: 2 },
    ],
  ],
  ['objects without a key', [{}, {}]],
  ['a mixture', [[1], { a: 1 }, 'a']],
  ['lists of lists of objects', [[[{ a: null }], []], [[{ a: [1] }, { a: 2 }]]]],
  ['keys that mean something elsewhere', [JSON.parse('{"__proto__":1,"constructor":2}') as Json]],
])('%s come back as they were', ([, values]) => {
  expect(JSON.stringify(again(values))).toBe(JSON.stringify(values));
});

test('what stands at the same place is side by side', () => {
  expect(transpose([{ a: [1, 2] }, { a: [3] }])).toEqual({
    keys: ['a'],
    members: [{ lengths: [2, 1], items: { values: [1, 2, 3] } }],
  });
});
