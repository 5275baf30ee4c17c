import { AccountId } from '@compliance/core';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';
import type { Services } from '../src/services.ts';

const SECURITY = '999988887777';
const contextWith = (parameters: object) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const verdict = (organization: Services, parameters: object = {}) =>
  rule.judge({ organization }, contextWith(parameters));
const fixOf = (organization: Services, parameters: object) =>
  rule.fix?.({
    ...contextWith(parameters),
    resource: { resourceType: 'AWS::::Account', resourceId: '111122223333' },
    facts: { organization },
    handles: undefined,
  });

test('no delegate at all is NON_COMPLIANT, and names the services', () => {
  expect(
    verdict([
      { principal: 'config.amazonaws.com', delegates: [] },
      { principal: 'guardduty.amazonaws.com', delegates: [] },
    ]),
  ).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation:
      'Services without a trusted delegated administrator: config.amazonaws.com (nobody), guardduty.amazonaws.com (nobody).',
  });
});

test('any member may be the delegate, unless the settings name those that may', () => {
  const services = [{ principal: 'config.amazonaws.com', delegates: ['444455556666'] }];
  expect(verdict(services).complianceType).toBe('COMPLIANT');
  expect(verdict(services, { delegateAccountIds: [SECURITY] })).toMatchObject({
    annotation: expect.stringContaining('config.amazonaws.com (444455556666)'),
  });
});

test('a service that supports no delegation is skipped, and refused in the settings', () => {
  expect(verdict([{ principal: 'ram.amazonaws.com', delegates: [] }]).complianceType).toBe('COMPLIANT');
  expect(rule.parameters.safeParse({ services: ['ram.amazonaws.com'] }).success).toBe(false);
});

test('a fix registers what Organizations can, and leaves services with a call of their own to a person', () => {
  const services = ['config.amazonaws.com', 'securityhub.amazonaws.com'].map((principal) => ({
    principal,
    delegates: [],
  }));
  expect(fixOf(services, { delegateAccountIds: [SECURITY] })).toMatchObject({
    risk: 'disruptive',
    steps: [{ input: { AccountId: SECURITY, ServicePrincipal: 'config.amazonaws.com' } }],
    effectiveAfter: { manual: expect.stringContaining('securityhub.amazonaws.com') },
  });
});

test('without a trusted account in the settings, a person decides who administers', () => {
  expect(fixOf([{ principal: 'config.amazonaws.com', delegates: [] }], {})).toEqual({
    manual: expect.stringContaining('delegateAccountIds'),
  });
});
