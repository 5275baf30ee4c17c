import { describe, expect, test } from 'vitest';

import { functionPermissions, functionPolicyBytes } from '../src/functions/function-permissions.ts';
import { accounts, someSettings } from './examples.ts';

test('AWS Config is admitted for each account of the settings', () => {
  expect(functionPermissions(someSettings()).rule).toEqual(
    ['111122223333', '444455556666'].map((id) => ({
      FunctionName: 'compliance-generic-rule',
      StatementId: `config-${id}`,
      Action: 'lambda:InvokeFunction',
      Principal: 'config.amazonaws.com',
      SourceAccount: id,
    })),
  );
});

test('AWS Config is admitted for any account, in one statement, where the settings say so', () => {
  expect(functionPermissions(someSettings({}, { configAdmission: 'open' })).rule).toEqual([
    {
      FunctionName: 'compliance-generic-rule',
      StatementId: 'config-any',
      Action: 'lambda:InvokeFunction',
      Principal: 'config.amazonaws.com',
    },
  ]);
});

describe('automations', () => {
  test.for(['accounts', 'open'])(
    'are admitted for the organization, AWS Config for %s',
    (configAdmission) => {
      expect(functionPermissions(someSettings({}, { configAdmission })).remediation).toEqual([
        {
          FunctionName: 'compliance-generic-remediation',
          StatementId: 'organization',
          Action: 'lambda:InvokeFunction',
          Principal: '*',
          PrincipalOrgID: 'o-exampleorg1',
        },
      ]);
    },
  );
  test('are admitted account by account where there is no organization', () => {
    const settings = someSettings({}, { id: undefined });
    expect(functionPermissions(settings).remediation.map(({ Principal }) => Principal)).toEqual([
      '111122223333',
      '444455556666',
    ]);
  });
});

describe('the size of the policy', () => {
  const settingsOf = (count: number, organization: object = {}) =>
    someSettings({ accounts: accounts(count) }, organization);

  test('is that of the JSON which Lambda stores', () => {
    const settings = settingsOf(1, { regions: ['eu-west-1'] });
    expect(functionPolicyBytes(functionPermissions(settings).rule, settings)).toBe(
      Buffer.byteLength(
        '{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"config-100000000000","Effect":"Allow",' +
          '"Principal":{"Service":"config.amazonaws.com"},"Action":"lambda:InvokeFunction",' +
          '"Resource":"arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-rule",' +
          '"Condition":{"StringEquals":{"AWS:SourceAccount":"100000000000"}}}]}',
      ),
    );
  });
  test('lets 73 accounts be admitted one by one', () => {
    expect(functionPermissions(settingsOf(73)).rule).toHaveLength(73);
  });
  test('does not let 76, and the ways out are named', () => {
    expect(() => functionPermissions(settingsOf(76))).toThrow(
      /compliance-generic-rule would have 21105 bytes, and Lambda takes 20480\. Either split the accounts .*organization\.configAdmission to open/,
    );
  });
  test('does not matter where AWS Config is admitted for any account', () => {
    expect(functionPermissions(settingsOf(1000, { configAdmission: 'open' })).rule).toHaveLength(1);
  });
  test('is never waived for the remediation function, which then wants an organization', () => {
    expect(() => functionPermissions(settingsOf(1000, { configAdmission: 'open', id: undefined }))).toThrow(
      /compliance-generic-remediation would have \d+ bytes, .* or give organization\.id/,
    );
  });
});
