import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { configRuleName, isRuleOf, withoutPackSuffix } from '../../src/config/config-rule-name.ts';

const command = fc
  .array(fc.stringMatching(/^[A-Z0-9]{1,10}$/), { minLength: 2, maxLength: 10 })
  .map((words) => words.join('_'));

describe('configRuleName', () => {
  test.each([
    ['S3_ENABLE_VERSIONING', 's3-enable-versioning'],
    ['A'.repeat(37), 'a'.repeat(37)],
    ['A'.repeat(38), `${'a'.repeat(28)}-876fc5bf`],
  ])('the command %s has the rule name %s', (given, name) => {
    expect(configRuleName(given)).toBe(name);
  });

  test('AWS Config accepts a rule name, with room for the suffix of a pack', () => {
    fc.assert(
      fc.property(command, (given) => {
        expect(configRuleName(given)).toMatch(/^[a-z0-9-]{1,37}$/);
      }),
    );
  });

  test('two commands have two rule names, even with the same beginning', () => {
    fc.assert(
      fc.property(command, command, (one, other) => {
        fc.pre(one !== other);
        const long = 'CLOUDTRAIL_ENABLE_MULTI_REGION';
        expect(configRuleName(`${long}_${one}`)).not.toBe(configRuleName(`${long}_${other}`));
      }),
    );
  });
});

test.each([
  ['s3-enable-versioning-conformance-pack-q7m2kd9xz', 's3-enable-versioning'],
  ['s3-enable-versioning', 's3-enable-versioning'],
  ['s3-conformance-pack-q7m2kd9xz-too', 's3-conformance-pack-q7m2kd9xz-too'],
  ['s3-conformance-pack-', 's3-conformance-pack-'],
])('the rule %s without the suffix of its pack is %s', (deployed, name) => {
  expect(withoutPackSuffix(deployed)).toBe(name);
});

test('a deployed rule is recognised by its name, with or without the suffix of its pack', () => {
  fc.assert(
    fc.property(command, fc.stringMatching(/^[a-z0-9]{9}$/), (given, id) => {
      const name = configRuleName(given);
      expect(isRuleOf(given, name)).toBe(true);
      expect(isRuleOf(given, `${name}-conformance-pack-${id}`)).toBe(true);
      expect(isRuleOf(given, `${name}-too`)).toBe(false);
      expect(isRuleOf(given, `x-${name}`)).toBe(false);
    }),
  );
});
