import { verdictOn } from '@compliance/log-alarms/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

describe('a filter is COMPLIANT with', () => {
  test.each([
    [
      'the pattern of the first versions of the benchmark',
      '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
    ],
    [
      'one that leaves out what the delivery of logs may not do',
      '{ (($.errorCode = *UnauthorizedOperation) || ($.errorCode = AccessDenied*)) && ($.sourceIPAddress != delivery.logs.amazonaws.com) && ($.eventName != HeadBucket) }',
    ],
    [
      'one of the same parts, of which any is enough',
      '{ (($.errorCode = "AccessDenied*") || ($.errorCode = "*UnauthorizedOperation")) && (($.sourceIPAddress != "delivery.logs.amazonaws.com") || ($.eventName != "HeadBucket")) }',
    ],
    ['one of any error', '{ $.errorCode = "*" }'],
  ])('%s', async (_, pattern) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({ complianceType: 'COMPLIANT' });
  });
});

describe('a filter is NON_COMPLIANT with', () => {
  test.each([
    [
      'one of whole codes only',
      '{ ($.errorCode = UnauthorizedOperation) || ($.errorCode = AccessDenied) }',
      'misses Client.UnauthorizedOperation, AccessDeniedException',
    ],
    [
      'one whose exclusions are alternatives, so that it matches everything',
      '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") || ($.sourceIPAddress != "delivery.logs.amazonaws.com") || ($.eventName != "HeadBucket") }',
      'counts AssumeRole too',
    ],
    [
      'one that excludes callers by a field that most events lack',
      '{ ($.errorCode = "AccessDenied*" || $.errorCode = "*UnauthorizedOperation") && $.userIdentity.invokedBy != "cloudfront.amazonaws.com" }',
      'has no metric filter',
    ],
  ])('%s', async (_, pattern, found) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: expect.stringContaining(found),
    });
  });
});
