import { verdictOn } from '@compliance/log-alarms/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

describe('a filter is COMPLIANT with', () => {
  test.each([
    [
      'one that also matches ModifySecurityGroupRules, which the benchmark does not list',
      '{ ($.eventName = ModifySecurityGroupRules) || ($.eventName = *SecurityGroup && $.eventName != Describe*) || ($.eventName = AuthorizeSecurityGroup*) || ($.eventName = RevokeSecurityGroup*) }',
    ],
  ])('%s', async (_, pattern) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({ complianceType: 'COMPLIANT' });
  });
});

describe('a filter is NON_COMPLIANT with', () => {
  test.each([
    [
      'one of ingress only',
      '{ ($.eventName = *SecurityGroupIngress) || ($.eventName = CreateSecurityGroup) || ($.eventName = DeleteSecurityGroup) }',
      'misses AuthorizeSecurityGroupEgress, RevokeSecurityGroupEgress',
    ],
    [
      'one of everything about security groups, reads included',
      '{ $.eventName = *SecurityGroup* }',
      'counts DescribeSecurityGroups too',
    ],
  ])('%s', async (_, pattern, found) => {
    await expect(verdictOn(rule, pattern)).resolves.toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: expect.stringContaining(found),
    });
  });
});
