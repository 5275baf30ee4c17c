import { AccountId, type CallStep } from '@compliance/core';
import { iamWith, reportOf, type ReportColumns } from '@compliance/iam-credential-report/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00.000Z'),
});
const used = (lastUsed: string, credential = 'password') => ({
  longestUnused: { credential, lastUsed },
  oldestNeverUsed: null,
});
const neverUsed = (created: string, credential = 'access key of some day') => ({
  longestUnused: null,
  oldestNeverUsed: { credential, created },
});

describe('judge', () => {
  test.for([
    ['a password used 45 days ago, at an unknown hour', 'COMPLIANT', used('2026-10-06'), {}],
    ['a password used 46 days ago', 'NON_COMPLIANT', used('2026-10-05'), {}],
    [
      'a password used 46 days ago, where 90 are allowed',
      'COMPLIANT',
      used('2026-10-05'),
      { maxCredentialUsageAge: 90 },
    ],
    [
      'a key that was never used, of 44 days and 23 hours',
      'COMPLIANT',
      neverUsed('2026-10-06T13:00:00.000Z'),
      {},
    ],
    ['a key that was never used, of 45 days', 'NON_COMPLIANT', neverUsed('2026-10-06T12:00:00.000Z'), {}],
    ['a key of three years that was never used', 'NON_COMPLIANT', neverUsed('2023-01-01T00:00:00.000Z'), {}],
    [
      'a key of a week that was never used, where 7 days are allowed',
      'NON_COMPLIANT',
      neverUsed('2026-11-13T12:00:00.000Z'),
      { newCredentialGraceDays: 7 },
    ],
    ['no credential', 'COMPLIANT', { longestUnused: null, oldestNeverUsed: null }, {}],
  ] as const)('%s is %s', ([, complianceType, facts, parameters]) => {
    expect(rule.judge(facts, context(parameters))).toMatchObject({ complianceType });
  });

  test('the annotation names each credential and its date, which does not change daily', () => {
    const facts = {
      ...used('2026-03-04'),
      oldestNeverUsed: { credential: 'access key of 2026-01-02', created: '2026-01-02T03:04:05.000Z' },
    };
    expect(rule.judge(facts, context())).toMatchObject({
      annotation:
        'Unused for too long: the password, last used on 2026-03-04; the access key of 2026-01-02, never used since 2026-01-02.',
    });
  });
});

describe('facts', () => {
  const listed = async (columns: ReportColumns) => {
    const session = iamWith({
      allow: rule.permissions.list,
      users: { AIDA1: 'ann' },
      report: reportOf(columns),
    });
    const [found] = await Array.fromAsync(rule.observe.list({ session }));
    return found && 'facts' in found ? found.facts : 'no facts';
  };

  test('a password that was never used counts from its last change, and a key from its creation', async () => {
    await expect(
      listed({
        password_enabled: 'true',
        password_last_used: 'no_information',
        password_last_changed: '2026-05-01T00:00:00+00:00',
      }),
    ).resolves.toEqual(neverUsed('2026-05-01T00:00:00.000Z', 'password'));
    await expect(
      listed({ access_key_2_active: 'true', access_key_2_last_rotated: '2026-05-01T00:00:00+00:00' }),
    ).resolves.toEqual(neverUsed('2026-05-01T00:00:00.000Z', 'access key of 2026-05-01'));
  });

  test('a password that was set again after its last use counts from then', async () => {
    await expect(
      listed({
        password_enabled: 'true',
        password_last_used: '2026-01-05T06:07:08+00:00',
        password_last_changed: '2026-11-19T00:00:00+00:00',
      }),
    ).resolves.toEqual(neverUsed('2026-11-19T00:00:00.000Z', 'password'));
  });

  test('an inactive key and a deleted password have no facts, however old they are', async () => {
    await expect(
      listed({
        password_enabled: 'FALSE',
        password_last_used: '2020-01-01T00:00:00+00:00',
        access_key_1_active: 'false',
        access_key_1_last_rotated: '2020-01-01T00:00:00+00:00',
      }),
    ).resolves.toEqual({ longestUnused: null, oldestNeverUsed: null });
  });

  test('a password of which the report has no date is read live', async () => {
    await expect(listed({ password_enabled: 'true' })).resolves.toBe('no facts');
  });

  test('the daily use of one credential does not change the facts about one that is unused', async () => {
    const withKeyUsedOn = (day: string) =>
      listed({
        password_enabled: 'true',
        password_last_used: '2026-01-05T06:07:08+00:00',
        access_key_1_active: 'true',
        access_key_1_last_rotated: '2026-01-01T00:00:00+00:00',
        access_key_1_last_used_date: `${day}T00:00:00+00:00`,
      });
    expect(await withKeyUsedOn('2026-11-19')).toEqual(used('2026-01-05'));
    expect(await withKeyUsedOn('2026-11-20')).toEqual(used('2026-01-05'));
  });

  test('the same facts are read live', async () => {
    const session = iamWith({
      allow: rule.permissions.get,
      users: { AIDA1: 'ann' },
      password: '2026-01-01T00:00:00.000Z',
      passwordLastUsed: '2026-01-05T06:07:08.000Z',
      keys: { AKIA1: { lastUsed: '2026-11-19T00:00:00.000Z' }, AKIA2: { status: 'Inactive' } },
    });
    const resource = { resourceType: 'AWS::IAM::User', resourceId: 'AIDA1', resourceName: 'ann' };
    await expect(rule.observe.get(resource, { session })).resolves.toMatchObject({
      facts: used('2026-01-05'),
    });
  });
});

describe('fix', () => {
  const created = '2026-01-01T00:00:00.000Z';
  const key = (accessKeyId: string, lastUsed: string | null) => ({ accessKeyId, created, lastUsed });
  const fixOf = (password: string | null | undefined, ...keys: ReturnType<typeof key>[]) =>
    rule.fix?.({
      ...context(),
      resource: { resourceType: 'AWS::IAM::User', resourceId: 'AIDA1' },
      facts: { longestUnused: null, oldestNeverUsed: null },
      handles: {
        userName: 'ann',
        password: password === undefined ? null : { created, lastUsed: password },
        keys,
      },
    });
  const stepsOf = (fix: ReturnType<typeof fixOf>) =>
    (fix && 'steps' in fix ? (fix.steps as readonly CallStep[]) : []).map(({ operation, input }) => [
      operation.name,
      input,
    ]);

  test('a fix touches only the credentials that are unused', () => {
    const fix = fixOf('2026-11-19', key('AKIA1', '2026-01-02'), key('AKIA2', '2026-11-19'));
    expect(fix).toMatchObject({ risk: 'disruptive' });
    expect(stepsOf(fix)).toEqual([
      ['UpdateAccessKey', { UserName: 'ann', AccessKeyId: 'AKIA1', Status: 'Inactive' }],
    ]);
  });

  test('deleting a password is irreversible and says so, and the keys are deactivated before', () => {
    const fix = fixOf(null, key('AKIA1', null));
    expect(fix).toMatchObject({
      risk: 'irreversible',
      description: 'Delete the console password of user ann and deactivate AKIA1',
    });
    expect(stepsOf(fix)).toEqual([
      ['UpdateAccessKey', { UserName: 'ann', AccessKeyId: 'AKIA1', Status: 'Inactive' }],
      ['DeleteLoginProfile', { UserName: 'ann' }],
    ]);
  });
});
