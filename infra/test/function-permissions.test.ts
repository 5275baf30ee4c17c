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

test('one statement admits AWS Config for any account where the settings say any-account', () => {
  expect(functionPermissions(someSettings({}, { invokePermission: 'any-account' })).rule).toEqual([
    {
      FunctionName: 'compliance-generic-rule',
      StatementId: 'config-any',
      Action: 'lambda:InvokeFunction',
      Principal: 'config.amazonaws.com',
    },
  ]);
});

describe('automations', () => {
  test.for(['per-account', 'any-account'])(
    'automations are admitted for the organization, also with invokePermission %s',
    (invokePermission) => {
      expect(functionPermissions(someSettings({}, { invokePermission })).remediation).toEqual([
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
  test('automations are admitted account by account where there is no organization', () => {
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

  test('the size of a policy is that of the JSON that Lambda stores', () => {
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
  test('the policy of the rule function holds a statement for each of 73 accounts', () => {
    expect(functionPermissions(settingsOf(73)).rule).toHaveLength(73);
  });
  test('76 accounts exceed the policy of the rule function, and the error names the alternatives', () => {
    expect(() => functionPermissions(settingsOf(76))).toThrow(
      /compliance-generic-rule is too large: 21105 bytes; Lambda's limit is 20480\. Either split the accounts .*organization\.invokePermission to any-account/,
    );
  });
  test('1,000 accounts fit where AWS Config is admitted for any account', () => {
    expect(functionPermissions(settingsOf(1000, { invokePermission: 'any-account' })).rule).toHaveLength(1);
  });
  test('1,000 accounts without an organization exceed the policy of the remediation function', () => {
    expect(() =>
      functionPermissions(settingsOf(1000, { invokePermission: 'any-account', id: undefined })),
    ).toThrow(/compliance-generic-remediation is too large: \d+ bytes; .* or set organization\.id/);
  });
});
