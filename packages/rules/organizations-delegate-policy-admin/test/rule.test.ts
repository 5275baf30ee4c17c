import { DescribeResourcePolicyCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { AccountId } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const MANAGEMENT = '111122223333';
const DELEGATE = '999988887777';
const resource = { resourceType: 'AWS::::Account', resourceId: MANAGEMENT };
const contextWith = (parameters: object) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse(MANAGEMENT),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00Z'),
});
const verdict = (delegates: string[], parameters: object = {}) =>
  rule.judge({ organization: { delegates } }, contextWith(parameters));

const delegatesOf = async (...Statement: object[]) => {
  const Content = JSON.stringify({ Version: '2012-10-17', Statement });
  const session = fakeSession({
    allow: rule.permissions.get,
    answers: [
      on(OrganizationsClient, DescribeResourcePolicyCommand, () => ({ ResourcePolicy: { Content } })),
    ],
  });
  return (await rule.observe.get(resource, { session }))?.facts.organization?.delegates;
};
const allow = (AWS: string | string[], Action: string | string[], more: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS },
  Action,
  Resource: '*',
  ...more,
});

test('any member may be the delegate, unless the settings name one', () => {
  expect(verdict(['444455556666']).complianceType).toBe('COMPLIANT');
  expect(verdict(['444455556666'], { policyAdminAccountId: DELEGATE })).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: `Policies are delegated to 444455556666, not to ${DELEGATE}.`,
  });
});

test('the management account is no delegate', () => {
  expect(verdict([MANAGEMENT]).complianceType).toBe('NON_COMPLIANT');
  const parameters = { policyAdminAccountId: MANAGEMENT };
  expect(
    rule.fix?.({
      ...contextWith(parameters),
      resource,
      facts: { organization: { delegates: [] } },
      handles: undefined,
    }),
  ).toEqual({ manual: expect.stringContaining('a member') });
});

test('a delegate is an account that may create, change and attach policies, by one statement or several', async () => {
  await expect(
    delegatesOf(
      allow([`arn:aws:iam::${DELEGATE}:root`, '444455556666'], 'organizations:*Policy'),
      allow('arn:aws:iam::777766665555:role/policies', 'organizations:AttachPolicy'),
    ),
  ).resolves.toEqual(['444455556666', DELEGATE]);
});

test('a delegation of one type of policies counts, and one that a statement denies does not', async () => {
  const Condition = { StringLikeIfExists: { 'organizations:PolicyType': 'TAG_POLICY' } };
  const some = allow(DELEGATE, 'organizations:*', { Condition });
  await expect(delegatesOf(some)).resolves.toEqual([DELEGATE]);
  const denied = { ...allow(DELEGATE, 'organizations:AttachPolicy'), Effect: 'Deny' };
  await expect(delegatesOf(some, denied)).resolves.toEqual([]);
});
