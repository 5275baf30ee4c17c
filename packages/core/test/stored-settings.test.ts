import { expect, test } from 'vitest';

import { AccountId } from '../src/base/account-id.ts';
import { exemptionFor, parseExemptions } from '../src/settings/exemptions.ts';
import { parseSettings, applicableTo } from '../src/settings/settings.ts';
import { exampleRule } from '../src/testing/index.ts';
import { readFixture } from './stored-table.ts';

const stored = await readFixture<object>('settings-1/settings.json');
const storedExemptions = await readFixture<{ exemptions: object[] }>('settings-1/exemptions.json');

test('stored settings have the effect that they had', () => {
  const settings = parseSettings(stored);
  const { organization, limits, infrastructureAsCode, owners } = settings;
  expect([
    organization.id,
    organization.masterAccountId,
    organization.externalId,
    organization.homeRegion,
    organization.regions,
    organization.invokePermission,
    organization.enroll?.groups,
    organization.enroll?.exclude,
  ]).toEqual([
    'o-abcde12345',
    '999988887777',
    'not-a-password',
    'eu-west-1',
    ['eu-west-1', 'us-east-1'],
    'any-account',
    ['sandbox'],
    ['444455556666'],
  ]);
  expect([
    limits.fixesPerHour.ruleAndAccount,
    limits.fixesPerHour.organization,
    limits.maxSharePerHour,
    limits.failuresPerHour,
    limits.flaps.times,
    limits.flaps.hours,
    limits.planTtlDays,
    limits.cooldownAfterUndoDays,
  ]).toEqual([11, 111, 0.5, 3, 2, 12, 21, 5]);
  expect([infrastructureAsCode.enforce, infrastructureAsCode.tags]).toEqual([
    true,
    { 'managed-by': 'pulumi' },
  ]);
  expect([owners.tag, owners.default]).toEqual(['team', 'platform@example.com']);
  expect([
    settings.sweep,
    settings.repeatNonCompliantInAuto,
    settings.exemptionMaxDays,
    settings.exclusions,
  ]).toEqual(['full', false, 180, ['landing-zone-*']]);
});

test('stored settings give each account the mode, permission and parameters that they gave', () => {
  const settings = parseSettings(stored);
  const [payments, sandbox] = settings.accounts;
  expect(payments).toEqual({
    id: '111122223333',
    name: 'payments',
    groups: ['production', 'reviewed'],
    ou: 'ou-abcd-11112222',
    owner: 'payments@example.com',
  });
  const applied = settings.accounts.map((account) => [
    applicableTo(settings, account, 'S3_ENABLE_VERSIONING'),
    applicableTo(settings, account, 'EC2_RESTRICT_ADMIN_PORTS_IPV4'),
  ]);
  expect(sandbox?.groups).toEqual(['sandbox']);
  expect(applied).toEqual([
    [
      { mode: 'approve', allowDisruptive: false, parameters: {} },
      { mode: 'observe', allowDisruptive: false, parameters: { ports: [22, 3389, 5900] } },
    ],
    [
      { mode: 'auto', allowDisruptive: false, parameters: {} },
      { mode: 'observe', allowDisruptive: true, parameters: { ports: [22] } },
    ],
  ]);
});

test('a stored exemption is read with every member that was written', () => {
  expect(parseExemptions(storedExemptions)).toEqual(storedExemptions.exemptions);
});

test('a stored exemption covers what it covered, and nothing else', () => {
  const exemptions = parseExemptions(storedExemptions);
  const covered = {
    rule: { ...exampleRule, command: 'S3_ENABLE_VERSIONING', controls: { 'cis-7.0': ['4.1'] } },
    account: {
      id: AccountId.parse('111122223333'),
      name: 'payments',
      groups: [],
      ou: 'ou-abcd-11112222',
    },
    region: 'eu-west-1',
    resource: {
      resourceType: 'AWS::S3::Bucket',
      resourceId: 'legacy-logs',
      tags: { data: 'public' },
    },
  };
  const { rule, account, resource } = covered;
  const now = new Date('2026-11-20T12:00:00Z');
  const idFor = (over: Partial<typeof covered>, at = now) =>
    exemptionFor(exemptions, { ...covered, ...over }, at)?.id;
  expect(idFor({})).toBe('EX-2026-001');
  for (const other of [
    { resource: { ...resource, resourceId: 'logs' } },
    { resource: { ...resource, tags: { data: 'secret' } } },
    { account: { ...account, id: AccountId.parse('222233334444') } },
    { account: { ...account, ou: 'ou-other' } },
    { region: 'us-east-1' },
    { rule: { ...rule, command: 'S3_OTHER' } },
    { rule: { ...rule, controls: { 'cis-7.0': ['4.2'] } } },
  ])
    expect(idFor(other)).toBeUndefined();
  expect(idFor({}, new Date('2027-02-01T00:00:00Z'))).toBeUndefined();
});
