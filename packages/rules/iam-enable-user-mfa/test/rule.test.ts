import { iamWith, reportOf, type ReportColumns } from '@compliance/iam-credential-report/testing';
import { expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const listed = async (columns: ReportColumns) => {
  const report = reportOf({ user: '<root_account>', password_enabled: 'true' }, columns);
  const session = iamWith({ allow: rule.permissions.list, users: { AIDA1: 'ann' }, report });
  return Array.fromAsync(rule.observe.list({ session }));
};

test.for([
  ['a user whose password is enabled in capital letters, without MFA', 'TRUE', 'false', true, false],
  ['a user with MFA', 'true', 'True', true, true],
  ['a user without a password, with MFA for the API', 'false', 'true', false, false],
  ['a user of whose password the report has no information', 'no_information', 'false', false, false],
] as const)('%s is read from the report', async ([, password_enabled, mfa_active, hasPassword, hasMfa]) => {
  await expect(listed({ password_enabled, mfa_active })).resolves.toMatchObject([
    { resource: { resourceId: 'AIDA1', resourceName: 'ann' }, facts: { hasPassword, hasMfa } },
  ]);
});

test('MFA that was registered after the report was made is seen live', async () => {
  const session = iamWith({
    allow: rule.permissions.get,
    users: { AIDA1: 'ann' },
    password: '2026-01-01T00:00:00.000Z',
    mfa: true,
  });
  const resource = { resourceType: 'AWS::IAM::User', resourceId: 'AIDA1', resourceName: 'ann' };
  await expect(rule.observe.get(resource, { session })).resolves.toMatchObject({
    facts: { hasPassword: true, hasMfa: true },
  });
  expect(session.used).not.toContain('iam:GetCredentialReport');
});

test('a password counts until it is deleted: a user without MFA stays NON_COMPLIANT however rarely it signs in', async () => {
  const [seen] = await listed({ password_enabled: 'true', password_last_used: 'no_information' });
  expect(seen).toMatchObject({ facts: { hasPassword: true, hasMfa: false } });
});
