import { describe, expect, test } from 'vitest';

import { settingsNotices } from '../src/settings-notices.ts';
import { MASTER, MEMBER, SANDBOX, aRule, accounts, someSettings } from './examples.ts';

describe('a rule that is only for the management account', () => {
  const rule = { ...aRule('ORG_A'), only: 'management-account' } as const;
  const problems = (...given: Parameters<typeof someSettings>) =>
    settingsNotices(someSettings(...given), [rule]).map(({ problem }) => problem);

  test('it is judged nowhere when the settings list no master account and name no management account', () => {
    expect(problems()).toEqual([
      `ORG_A is on, but judged nowhere: it concerns the management account only, which is the master account ${MASTER} as long as organization.managementAccountId names no other, and the settings do not list that account.`,
    ]);
  });
  test('it is judged nowhere when the settings do not list the management account that they name', () => {
    expect(problems({}, { managementAccountId: '555566667777' })[0]).toContain(
      'only, 555566667777, and the settings do not list that account',
    );
  });
  test('it is judged in the management account when the settings list it', () => {
    expect(problems({}, { managementAccountId: MEMBER })).toEqual([]);
  });
  test('it may be off', () => {
    expect(problems({ rules: { ORG_A: { mode: 'off' } } })).toEqual([]);
  });
});

describe('a fix that needs a parameter', () => {
  const rule = { ...aRule('VPC_A'), needs: ['logBucket', 'logRole'] };
  const problems = (parts: Record<string, unknown>) =>
    settingsNotices(someSettings(parts), [rule]).map(({ problem }) => problem);

  test('each parameter that nobody set is named, with the accounts', () => {
    expect(problems({ rules: { VPC_A: { parameters: { logRole: 'r' } } } })).toEqual([
      `VPC_A is on, but its fix has no logBucket in ${MEMBER} (workload), ${SANDBOX} (sandbox): a person must fix what it finds.`,
    ]);
    const settings = { accounts: accounts(4), rules: { VPC_A: { parameters: { logRole: 'r' } } } };
    expect(problems(settings)[0]).toContain('no logBucket in 4 accounts');
  });
  test('a parameter that a group sets is missing only in the other accounts', () => {
    const parameters = { logBucket: 'b', logRole: 'r' };
    expect(problems({ rules: { VPC_A: { groups: { sandbox: { parameters } } } } })).toEqual([
      expect.stringContaining(`no logBucket and no logRole in ${MEMBER} (workload):`),
    ]);
  });
  test('of a rule that no selected framework asks for, nothing is missing', () => {
    expect(problems({ frameworks: [{ id: 'cis-7.0' }] })).toEqual([]);
  });
  test('where nothing is planned, the fix needs no parameter', () => {
    expect(problems({ defaults: { mode: 'observe' } })).toEqual([]);
  });
});
