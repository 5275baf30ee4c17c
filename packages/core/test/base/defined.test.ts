import { expect, expectTypeOf, test } from 'vitest';

import { defined } from '../../src/base/defined.ts';

test('defined leaves out undefined members and nothing else', () => {
  const members = { zero: 0, no: false, empty: '', nothing: null, absent: undefined };
  expect(defined(members)).toStrictEqual({ zero: 0, no: false, empty: '', nothing: null });
});

test('a member that may be undefined becomes optional', () => {
  const members: { readonly always: number; readonly maybe: string | undefined } = {
    always: 1,
    maybe: undefined,
  };
  expectTypeOf(defined(members)).toEqualTypeOf<{ readonly always: number } & { readonly maybe?: string }>();
  expect(defined(members)).toStrictEqual({ always: 1 });
});
