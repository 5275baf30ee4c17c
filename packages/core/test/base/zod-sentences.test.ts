import { describe, expect, test } from 'vitest';
import * as z from 'zod';

import { AccountId } from '../../src/base/account-id.ts';
import { explain } from '../../src/base/errors.ts';
import { explainIssues } from '../../src/base/zod-sentences.ts';

const refusal = (schema: z.ZodType, input: unknown): string => {
  const { error } = schema.safeParse(input);
  return error ? explainIssues(error) : 'accepted';
};

describe('what is wrong with a value is said in plain words', () => {
  test.each<[string, z.ZodType, unknown, string]>([
    ['a missing value', z.string(), undefined, 'is missing'],
    ['a text', z.number(), 'sixteen', "must be a number, not the text 'sixteen'"],
    ['a number', z.string(), 7, 'must be text, not the number 7; put it in quotes'],
    ['an empty value', z.array(z.string()), null, 'must be a list, not empty'],
    ['a list', z.strictObject({}), [], 'must be a set of keys, not a list'],
    ['a fraction', z.int(), 1.5, 'must be a whole number, not the number 1.5'],
    ['a number that is too small', z.number().min(1), 0, 'must be at least 1'],
    ['a number that is too large', z.number().lt(90), 90, 'must be less than 90'],
    ['a short text', z.string().min(2), 'a', 'must have at least 2 characters'],
    ['a long list', z.array(z.string()).max(1), ['a', 'b'], 'must have at most 1 entries'],
    ['another word', z.enum(['off', 'plan', 'auto']), 'on', 'must be off, plan or auto'],
    ['an unknown key', z.strictObject({}), { a: 1 }, "unknown key 'a'"],
    ['a day that is no date', z.iso.date(), 'soon', 'must be a date such as 2027-01-31'],
    ['a text of another form', z.string().regex(/^a+$/), 'b', 'must match /^a+$/'],
    ['a union', z.union([z.number(), z.boolean()]), 'x', 'has none of the accepted forms'],
    ['a refinement', z.string().refine(() => false), 'x', 'is not valid'],
    ['a number that is no multiple', z.number().multipleOf(5), 7, 'must be a multiple of 5'],
  ])('%s', (_, schema, input, sentence) => {
    expect(refusal(schema, input)).toBe(sentence);
  });

  test('the sentence of a schema goes first', () => {
    expect(refusal(z.string().regex(/^o-/, 'is not an organization id'), 'x')).toBe(
      'is not an organization id',
    );
  });
});

test.each([
  [12345670123, "put account ids in quotes: '012345670123'"],
  [111122223333, "put account ids in quotes: '111122223333'"],
  [12345, 'put account ids in quotes: 12 digits'],
  [1111222233334, 'put account ids in quotes: 12 digits'],
  ['11112222333', 'An AWS account id has 12 digits.'],
])('the account id %j is refused with what to write', (id, sentence) => {
  expect(refusal(AccountId, id)).toBe(sentence);
});

test('an error of the schema library that nothing caught is explained in the same words', () => {
  const { error } = z.strictObject({ a: z.number() }).safeParse({ a: 'x', b: 1 });
  expect(explain(error)).toBe("a: must be a number, not the text 'x'; unknown key 'b'");
});
