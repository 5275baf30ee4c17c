import { expect, test } from 'vitest';

import {
  POLICY_BYTES,
  functionPermissions,
  functionPolicySize,
} from '../src/functions/function-permissions.ts';
import { organizationPolicies } from '../src/functions/organization-policies.ts';
import { MASTER, accounts, someSettings } from './examples.ts';

const settingsOf = (count: number) =>
  someSettings({ accounts: accounts(count) }, { invokePermission: 'organization' });
const policies = (partition = 'aws', region = 'eu-west-1') =>
  organizationPolicies(settingsOf(2), { partition, region, accountId: MASTER });

test('AWS Config is admitted for the accounts of the organization, and for no other', () => {
  expect(policies()?.rule).toEqual({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'ConfigOfOrganization',
        Effect: 'Allow',
        Principal: { Service: 'config.amazonaws.com' },
        Action: 'lambda:InvokeFunction',
        Resource: 'arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-rule',
        Condition: { StringEquals: { 'aws:SourceOrgID': 'o-exampleorg1' } },
      },
    ],
  });
});
test("the members' automation role is admitted, by its name, path and organization", () => {
  expect(policies()?.remediation.Statement).toEqual([
    {
      Sid: 'AutomationsOfOrganization',
      Effect: 'Allow',
      Principal: '*',
      Action: 'lambda:InvokeFunction',
      Resource: 'arn:aws:lambda:eu-west-1:999988887777:function:compliance-generic-remediation',
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': 'o-exampleorg1' },
        ArnLike: { 'aws:PrincipalArn': 'arn:aws:iam::*:role/compliance-automation' },
      },
    },
  ]);
});
test('another partition has its own ARNs', () => {
  expect(JSON.stringify(policies('aws-cn', 'cn-north-1'))).not.toMatch(/arn:aws:/);
});
test('the policies replace all statements, and have the same size for two and for 1,000 accounts', () => {
  expect(functionPermissions(settingsOf(1000))).toEqual({ rule: [], remediation: [] });
  for (const key of ['rule', 'remediation'] as const) {
    expect(functionPolicySize(key, settingsOf(1000))).toBe(functionPolicySize(key, settingsOf(2)));
    expect(functionPolicySize(key, settingsOf(1000))).toBeLessThan(POLICY_BYTES / 40);
  }
});
test('no policy has the id of a statement that was added before', () => {
  const added = [
    ...Object.values(functionPermissions(someSettings())),
    ...Object.values(functionPermissions(someSettings({}, { id: undefined }))),
  ].flatMap((permissions) => permissions.map(({ StatementId }) => StatementId));
  for (const { Statement } of Object.values(policies() ?? {}))
    for (const { Sid } of Statement) expect(added).not.toContain(Sid);
});
test('without the setting there is no policy', () => {
  for (const invokePermission of ['per-account', 'any-account'])
    expect(
      organizationPolicies(someSettings({}, { invokePermission }), {
        partition: 'aws',
        region: 'eu-west-1',
        accountId: MASTER,
      }),
    ).toBeUndefined();
});
