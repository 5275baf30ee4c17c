import { describe, expect, test } from 'vitest';

import { functionPermissions, functionPolicyBytes } from '../src/function-permissions.ts';
import { accounts, someSettings } from './examples.ts';

const partition = 'aws';

test('AWS Config is admitted for each account of the settings', () => {
  expect(functionPermissions({ settings: someSettings(), partition }).rule).toEqual(
    ['111122223333', '444455556666'].map((id) => ({
      FunctionName: 'compliance-generic-rule',
      StatementId: `config-${id}`,
      Action: 'lambda:InvokeFunction',
      Principal: 'config.amazonaws.com',
      SourceAccount: id,
    })),
  );
});

describe('automations', () => {
  test('are admitted for the organization', () => {
    expect(functionPermissions({ settings: someSettings(), partition }).remediation).toEqual([
      {
        FunctionName: 'compliance-generic-remediation',
        StatementId: 'organization',
        Action: 'lambda:InvokeFunction',
        Principal: '*',
        PrincipalOrgID: 'o-exampleorg1',
      },
    ]);
  });
  test('are admitted account by account where there is no organization', () => {
    const settings = someSettings({}, { id: undefined });
    expect(
      functionPermissions({ settings, partition }).remediation.map(({ Principal }) => Principal),
    ).toEqual(['111122223333', '444455556666']);
  });
});

describe('the size of the policy', () => {
  const permissions = (count: number) =>
    functionPermissions({ settings: someSettings({ accounts: accounts(count) }), partition });

  test('is that of the JSON which Lambda stores', () => {
    const settings = someSettings({ accounts: accounts(1) }, { regions: ['eu-west-1'] });
    expect(
      functionPolicyBytes(functionPermissions({ settings, partition }).rule, { settings, partition }),
    ).toBe(
      Buffer.byteLength(
        '{"Version":"2012-10-17","Id":"default","Statement":[{"Sid":"config-100000000000","Effect":"Allow",' +
          '"Principal":{"Service":"config.amazonaws.com"},"Action":"lambda:InvokeFunction",' +
          '"Resource":"arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-rule",' +
          '"Condition":{"StringEquals":{"AWS:SourceAccount":"100000000000"}}}]}',
      ),
    );
  });
  test('70 accounts fit', () => {
    expect(permissions(70).rule).toHaveLength(70);
  });
  test('100 do not, and the ways out are named', () => {
    expect(() => permissions(100)).toThrow(
      /compliance-generic-rule would have \d+ bytes, and Lambda takes 20480\. Either split the accounts .*one statement without a condition/,
    );
  });
  test('is never larger for the remediation function', () => {
    const settings = someSettings({ accounts: accounts(70) }, { id: undefined });
    const { rule, remediation } = functionPermissions({ settings, partition });
    const bytes = (those: typeof rule) => functionPolicyBytes(those, { settings, partition });
    expect(bytes(remediation)).toBeLessThan(bytes(rule));
  });
});
