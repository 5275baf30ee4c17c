import { verdictOn } from '@compliance/log-alarms/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

describe('a filter is COMPLIANT with', () => {
  test.each([
    [
      'the pattern of the benchmark',
      '{ ($.eventName = ConsoleLogin) && ($.errorMessage = "Failed authentication") }',
    ],
    [
      'one of failed answers',
      '{ $.eventSource = "signin.amazonaws.com" && $.responseElements.ConsoleLogin = "Failure" }',
    ],
  ])('%s', async (_, pattern) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({ complianceType: 'COMPLIANT' });
  });
});

describe('a filter is NON_COMPLIANT with', () => {
  test.each([
    ['one of all sign-ins', '{ $.eventName = ConsoleLogin }', 'counts successful sign-in too'],
    [
      'one whose message has no quotes, so that nobody can read it',
      '{ ($.eventName = ConsoleLogin) && ($.errorMessage = Failed authentication) }',
      'an unexpected authentication',
    ],
    [
      'one of users only',
      '{ $.errorMessage = "Failed authentication" && $.userIdentity.type = IAMUser }',
      'misses failed sign-in of root',
    ],
  ])('%s', async (_, pattern, found) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: expect.stringContaining(found),
    });
  });
});
