import { describe, expect, test } from 'vitest';

import { preflightPolicies, preflightRole } from '../src/policies/preflight-access.ts';
import { MASTER, MEMBER, someSettings } from './examples.ts';

const policies = preflightPolicies(someSettings(), 'aws');
const statements = policies.flatMap(({ document }) => document.Statement);
const actions = statements.flatMap(({ Action }) => Action);

describe('the policies of compliance preflight', () => {
  test('the policies of compliance preflight allow reading and assuming its role in the members, nothing else', () => {
    expect(actions.filter((action) => !/:(Get|List|Describe)/.test(action))).toEqual(['sts:AssumeRole']);
    expect(statements.find(({ Action }) => Action.includes('sts:AssumeRole'))?.Resource).toEqual([
      'arn:aws:iam::*:role/compliance-preflight',
    ]);
  });
  test('the policies of compliance preflight do not allow reading settings, ledger, code or state', () => {
    for (const action of ['s3:GetObject', 'lambda:GetFunction', 'dynamodb:GetItem', 'logs:GetLogEvents'])
      expect(actions).not.toContain(action);
  });
  test('whole policies of functions are read only where the settings choose them', () => {
    const chosen = preflightPolicies(someSettings({}, { invokePermission: 'organization' }), 'aws');
    expect(actions).not.toContain('lambda:GetResourcePolicy');
    expect(chosen.flatMap(({ document }) => document.Statement.flatMap(({ Action }) => Action))).toEqual(
      expect.arrayContaining(['lambda:GetResourcePolicy', 'lambda:GetPolicy']),
    );
  });
  test('a master account that is also a member is read like a member', () => {
    const alone = someSettings({ accounts: [{ id: MASTER, name: 'master' }] });
    const roles = preflightPolicies(alone, 'aws').flatMap(({ document }) =>
      document.Statement.flatMap(({ Resource }) => Resource),
    );
    expect(roles).toContain(`arn:aws:iam::${MASTER}:role/compliance-evaluate`);
  });
});

test('the preflight role of a member trusts the named readers, with the external id', () => {
  const reader = `arn:aws:iam::${MASTER}:role/audit`;
  const role = preflightRole({ partition: 'aws', accountId: MEMBER }, someSettings().organization, [reader]);
  expect(role.trust.Statement).toEqual([
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { AWS: `arn:aws:iam::${MASTER}:root` },
      Condition: {
        ArnEquals: { 'aws:PrincipalArn': [reader] },
        StringEquals: { 'sts:ExternalId': 'an-external-id' },
      },
    },
  ]);
});
