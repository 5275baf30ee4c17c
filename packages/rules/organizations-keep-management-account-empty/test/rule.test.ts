import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { AccountId } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';
import type { Workload } from '../src/workloads.ts';

const MANAGEMENT = '111122223333';
const verdict = (workloads: Workload[], parameters: object = {}, isRecorded = true) =>
  rule.judge(
    { organization: { accountId: MANAGEMENT, isRecorded, workloads } },
    {
      parameters: rule.parameters.parse(parameters),
      accountId: AccountId.parse(MANAGEMENT),
      region: 'eu-west-1',
      partition: 'aws',
      now: new Date('2026-11-20T12:00:00Z'),
    },
  );
const workload = (resourceType: string, tags: string[] = []): Workload => ({
  region: 'eu-central-1',
  resourceType,
  resourceId: 'i-1',
  tags,
});

test('a workload in any Region is NON_COMPLIANT, and is named', () => {
  expect(verdict([workload('AWS::EC2::Instance')])).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: 'The management account has a workload, such as AWS::EC2::Instance i-1 in eu-central-1.',
  });
});

test('resources that govern the organization are ignored by tag, and others by type or number', () => {
  const functionOfOurs = workload('AWS::Lambda::Function', ['purpose=governance', 'team=cloud']);
  expect(verdict([functionOfOurs]).complianceType).toBe('NON_COMPLIANT');
  expect(verdict([functionOfOurs], { allowedTags: { purpose: 'governance' } }).complianceType).toBe(
    'COMPLIANT',
  );
  expect(verdict([functionOfOurs], { workloadResourceTypes: ['AWS::EC2::Instance'] }).complianceType).toBe(
    'COMPLIANT',
  );
  expect(verdict([functionOfOurs], { maxAllowed: 1 }).complianceType).toBe('COMPLIANT');
});

test('a home Region without a recorder is a violation: nobody knows what runs there', () => {
  expect(verdict([]).complianceType).toBe('COMPLIANT');
  expect(verdict([], {}, false)).toMatchObject({ annotation: expect.stringContaining('eu-west-1') });
});

test('a member account is not read and NOT_APPLICABLE, whatever the settings say', async () => {
  const session = fakeSession({
    allow: rule.permissions.get,
    accountId: '444455556666',
    answers: [
      on(OrganizationsClient, DescribeOrganizationCommand, () => ({
        Organization: { MasterAccountId: MANAGEMENT },
      })),
    ],
  });
  const resource = { resourceType: 'AWS::::Account', resourceId: '444455556666' };
  const observed = await rule.observe.get(resource, { session });
  expect(session.sent).toHaveLength(1);
  const context = {
    parameters: rule.parameters.parse({}),
    accountId: session.accountId,
    region: 'eu-west-1',
    partition: 'aws',
    now: new Date('2026-11-20T12:00:00Z'),
  };
  expect(rule.judge(observed?.facts ?? { organization: null }, context)).toEqual({
    complianceType: 'NOT_APPLICABLE',
    annotation: `The management account is ${MANAGEMENT}.`,
  });
});
