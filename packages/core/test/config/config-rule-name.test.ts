import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { configRuleName, isRuleOf } from '../../src/config/config-rule-name.ts';

const command = fc
  .array(fc.stringMatching(/^[A-Z0-9]{1,10}$/), { minLength: 2, maxLength: 10 })
  .map((words) => words.join('_'));

describe('configRuleName', () => {
  test.each([
    ['S3_ENABLE_VERSIONING', 's3-enable-versioning'],
    ['A'.repeat(37), 'a'.repeat(37)],
    ['A'.repeat(38), `${'a'.repeat(28)}-876fc5bf`],
  ])('%s is %s', (given, name) => {
    expect(configRuleName(given)).toBe(name);
  });

  test('is a name that AWS Config takes, with room for the suffix of a pack', () => {
    fc.assert(
      fc.property(command, (given) => {
        expect(configRuleName(given)).toMatch(/^[a-z0-9-]{1,37}$/);
      }),
    );
  });

  test('tells two commands apart, also where they begin alike', () => {
    fc.assert(
      fc.property(command, command, (one, other) => {
        fc.pre(one !== other);
        const long = 'CLOUDTRAIL_ENABLE_MULTI_REGION';
        expect(configRuleName(`${long}_${one}`)).not.toBe(configRuleName(`${long}_${other}`));
      }),
    );
  });
});

test('a deployed rule is known by its name, alone or with the suffix of its pack', () => {
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
