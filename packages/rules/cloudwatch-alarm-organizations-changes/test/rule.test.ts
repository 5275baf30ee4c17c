import { verdictOn } from '@compliance/log-alarms/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

describe('a filter is COMPLIANT with', () => {
  test.each([
    ['one of all writes', '{ ($.eventSource = organizations.amazonaws.com) && ($.readOnly IS FALSE) }'],
  ])('%s', async (_, pattern) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({ complianceType: 'COMPLIANT' });
  });
});

describe('a filter is NON_COMPLIANT with', () => {
  test.each([
    [
      'one of all calls',
      '{ $.eventSource = organizations.amazonaws.com }',
      'counts DescribeOrganization too',
    ],
    [
      'one without the policies',
      '{ $.eventSource = organizations.amazonaws.com && $.readOnly IS FALSE && $.eventName != *Policy* }',
      'misses AttachPolicy, CreatePolicy, DeletePolicy and 4 more',
    ],
  ])('%s', async (_, pattern, found) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: expect.stringContaining(found),
    });
  });
});

test('only the management account is judged, which alone records such events', () => {
  expect(rule.only).toBe('management-account');
});
