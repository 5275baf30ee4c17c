import { verdictOn } from '@compliance/log-alarms/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

describe('a filter is COMPLIANT with', () => {
  test.each([
    [
      'the pattern of the first versions of the benchmark',
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") }',
    ],
    [
      'one of successful sign-ins of IAM users only, without those by single sign-on',
      '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.userIdentity.type = "IAMUser") && ($.responseElements.ConsoleLogin = "Success") }',
    ],
    ['one that asks for No', '{ $.additionalEventData.MFAUsed = No && $.eventName = ConsoleLogin }'],
  ])('%s', async (_, pattern) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({ complianceType: 'COMPLIANT' });
  });
});

describe('a filter is NON_COMPLIANT with', () => {
  test.each([
    ['one of all sign-ins', '{ $.eventName = ConsoleLogin }', 'counts ConsoleLogin with MFA too'],
    [
      'one of failed sign-ins',
      '{ $.eventName = ConsoleLogin && $.additionalEventData.MFAUsed != Yes && $.responseElements.ConsoleLogin = Failure }',
      'has no metric filter',
    ],
  ])('%s', async (_, pattern, found) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: expect.stringContaining(found),
    });
  });
});
