import { IAMClient, ListOrganizationsFeaturesCommand } from '@aws-sdk/client-iam';
import { AccountId } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const resource = { resourceType: 'AWS::::Account', resourceId: '111122223333' };
const contextWith = (parameters: object, partition = 'aws') => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition,
  now: new Date('2026-11-20T12:00:00Z'),
});
const withFeatures = (...enabled: string[]) => ({
  organization: { allFeatures: true, trustedAccess: true, enabled },
});
const refusing = (code: string) =>
  fakeSession({
    allow: rule.permissions.get,
    answers: [
      on(IAMClient, ListOrganizationsFeaturesCommand, () => {
        throw awsError(code);
      }),
    ],
  });

test('only the management of root credentials is asked for, unless the settings ask for sessions too', () => {
  const facts = withFeatures('RootCredentialsManagement');
  expect(rule.judge(facts, contextWith({})).complianceType).toBe('COMPLIANT');
  expect(rule.judge(facts, contextWith({ requireRootSessions: true }))).toEqual({
    complianceType: 'NON_COMPLIANT',
    annotation: 'Central root access lacks RootSessions.',
  });
});

test('China has no root user: the rule does not apply', () => {
  expect(rule.judge(withFeatures(), contextWith({}, 'aws-cn')).complianceType).toBe('NOT_APPLICABLE');
});

test('an organization with consolidated billing alone is NON_COMPLIANT, and a person turns on its features', async () => {
  const session = refusing('OrganizationNotInAllFeaturesModeException');
  const { facts } = (await rule.observe.get(resource, { session })) ?? { facts: { organization: null } };
  expect(rule.judge(facts, contextWith({}))).toMatchObject({
    complianceType: 'NON_COMPLIANT',
    annotation: expect.stringContaining('consolidated billing'),
  });
  expect(rule.fix?.({ ...contextWith({}), resource, facts, handles: undefined })).toMatchObject({
    manual: expect.stringContaining('all features'),
  });
});

test('an account that may not see the features has no verdict', async () => {
  const session = refusing('AccountNotManagementOrDelegatedAdministratorException');
  await expect(rule.observe.get(resource, { session })).rejects.toThrow('AccountNotManagement');
});
