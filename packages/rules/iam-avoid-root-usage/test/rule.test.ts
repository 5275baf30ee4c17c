import { AccountId } from '@compliance/core';
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

const LONG_AGO = '2026-01-01T00:00:00.000Z';
const TODAY = '2026-11-20T07:08:09.000Z';

describe('judge', () => {
  test.for([
    ['root that was never used', 'COMPLIANT', null, null, {}],
    ['a password used long ago', 'COMPLIANT', LONG_AGO, null, {}],
    ['a password used today', 'NON_COMPLIANT', TODAY, null, {}],
    ['a key used today beside a password used long ago', 'NON_COMPLIANT', LONG_AGO, TODAY, {}],
    ['a password used today beside a key used long ago', 'NON_COMPLIANT', TODAY, LONG_AGO, {}],
    ['a use 47 hours ago', 'NON_COMPLIANT', '2026-11-18T13:00:00.000Z', null, {}],
    ['a use two days ago', 'COMPLIANT', '2026-11-18T12:00:00.000Z', null, {}],
    [
      'a use 30 days ago, where 90 must have passed',
      'NON_COMPLIANT',
      '2026-10-21T12:00:00.000Z',
      null,
      { maxDaysSinceUse: 90 },
    ],
  ] as const)('%s is %s', ([, complianceType, passwordLastUsed, keyLastUsed, parameters]) => {
    const verdict = rule.judge({ passwordLastUsed, keyLastUsed }, context(parameters));
    expect(verdict).toMatchObject({ complianceType });
  });

  test('the annotation names the last use and its credential', () => {
    expect(rule.judge({ passwordLastUsed: LONG_AGO, keyLastUsed: TODAY }, context())).toMatchObject({
      annotation: 'Root was last used on 2026-11-20T07:08Z, with an access key.',
    });
  });
});

describe('facts', () => {
  const observed = async (columns: ReportColumns) =>
    observedIn('eu-west-1', { user: '<root_account>', password_enabled: 'not_supported', ...columns });
  const observedIn = async (region: string, ...rows: readonly ReportColumns[]) => {
    const report = reportOf(...rows, { user: 'ann' });
    const session = iamWith({ allow: rule.permissions.get, report, region });
    const seen = await rule.observe.get(
      { resourceType: 'AWS::::Account', resourceId: session.accountId },
      { session },
    );
    return seen?.facts;
  };

  test('the latest use of either key counts, also of one that is not active any more', async () => {
    await expect(
      observed({
        password_last_used: 'no_information',
        access_key_1_active: 'false',
        access_key_1_last_used_date: '2026-11-20T07:08:09+00:00',
        access_key_2_active: 'true',
        access_key_2_last_used_date: '2026-01-01T00:00:00+00:00',
      }),
    ).resolves.toEqual({ passwordLastUsed: null, keyLastUsed: TODAY });
  });

  test('root without any recorded use has no dates', async () => {
    await expect(observed({ password_last_used: 'no_information' })).resolves.toEqual({
      passwordLastUsed: null,
      keyLastUsed: null,
    });
  });

  test('China has no root user: a report without its row is enough, and the rule does not apply', async () => {
    const facts = { passwordLastUsed: null, keyLastUsed: null };
    await expect(observedIn('cn-north-1')).resolves.toEqual(facts);
    await expect(observedIn('eu-west-1')).rejects.toMatchObject({ code: 'malformed-report' });
    expect(rule.judge(facts, { ...context(), partition: 'aws-cn' }).complianceType).toBe('NOT_APPLICABLE');
  });
});
