import { expect, test } from 'vitest';
import * as z from 'zod';

import { ACCOUNT_TYPE } from '../../src/aws/resource.ts';
import { compliant } from '../../src/rule/verdict.ts';
import { observeAccount } from '../../src/rule/observe-account.ts';
import { defineRule } from '../../src/rule/rule.ts';
import { exampleRule } from '../../src/testing/example-rule.ts';
import { fakeSession } from '../../src/testing/fake-session.ts';

test.each<[string, object, RegExp]>([
  ['a command in another case', { command: 'exampleRule' }, /Invalid command .*exampleRule/],
  ['neither a fix nor guidance', { fix: undefined }, /neither a fix nor guidance/],
  [
    'a change trigger on the account',
    { resourceType: ACCOUNT_TYPE, triggers: ['change', 'schedule'] },
    /no change event exists for AWS::::Account/,
  ],
  [
    'a parameter without a description',
    { parameters: z.object({ days: z.int().min(1).nullable().default(null) }) },
    /Undescribed parameter of EXAMPLE_KEEP_VERSIONS: days/,
  ],
  ...[
    z.object({ days: z.int() }).transform((parameters) => parameters),
    z.preprocess((parameters) => parameters, z.object({ days: z.int() })),
    z.object({ days: z.int() }).prefault({ days: 1 }),
    z.unknown(),
  ].map((parameters): [string, object, RegExp] => [
    `parameters of type ${parameters.def.type}`,
    { parameters },
    /Invalid parameters of EXAMPLE_KEEP_VERSIONS: use z.object/,
  ]),
  [
    'a parameter without a description under a refinement',
    { parameters: z.object({ days: z.int().default(1) }).refine(() => true) },
    /Undescribed parameter of EXAMPLE_KEEP_VERSIONS: days/,
  ],
  [
    'a need that is not a parameter',
    { parameters: z.object({ topicArn: z.string().default('').describe('A topic.') }), needs: ['topic'] },
    /Unknown parameter among the needs of EXAMPLE_KEEP_VERSIONS: topic/,
  ],
])('a rule with %s is refused', (_, members, message) => {
  expect(() => defineRule({ ...exampleRule, ...members })).toThrow(message);
});

test.each([
  ['around its default', z.int().default(1).describe('Days.')],
  ['inside of its default', z.int().describe('Days.').nullable().default(null)],
])('a parameter that is described %s is accepted', (_title, days) => {
  const parameters = z.object({ days });
  const fix = () => ({ manual: 'Do it.' });
  expect(() => defineRule({ ...exampleRule, judge: () => compliant(), fix, parameters })).not.toThrow();
});

test('a rule that says what it covers partly, what it needs and what it equals elsewhere is accepted', () => {
  const rule = {
    ...exampleRule,
    needs: ['suspendedIsFine'],
    partly: 'Whether the versions can be restored.',
    equivalents: { prowler: ['s3_bucket_object_versioning'], config: ['S3_BUCKET_VERSIONING_ENABLED'] },
  };
  expect(defineRule(rule)).toBe(rule);
});

test('the account is observed as one resource, live on its own and shared in a listing', async () => {
  const session = fakeSession({ allow: [], answers: [] });
  const observe = observeAccount(
    async () => ({ facts: 'live' }),
    async () => ({ facts: 'shared' }),
  );
  const resource = { resourceType: ACCOUNT_TYPE, resourceId: session.accountId };
  await expect(observe.get(resource, { session })).resolves.toEqual({ facts: 'live' });
  await expect(Array.fromAsync(observe.list({ session }))).resolves.toEqual([{ resource, facts: 'shared' }]);
});
