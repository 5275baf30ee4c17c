import { IAMClient, ListEntitiesForPolicyCommand } from '@aws-sdk/client-iam';
import { AccountId } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const TRUSTED = `arn:aws-cn:iam::${ACCOUNT}:role/helpdesk`;

const fixWith = (parameters: object) =>
  rule.fix?.({
    parameters: rule.parameters.parse(parameters),
    accountId: AccountId.parse(ACCOUNT),
    region: 'cn-north-1',
    partition: 'aws-cn',
    now: new Date('2026-11-20T12:00:00Z'),
    resource: { resourceType: 'AWS::::Account', resourceId: ACCOUNT },
    facts: { roles: [] },
    handles: undefined,
  });

/** The inputs of the steps of a fix. */
const inputsOf = (fix: ReturnType<typeof fixWith>) =>
  fix && 'steps' in fix ? fix.steps.map((step) => (step.type === 'call' ? step.input : undefined)) : [];

describe('fix', () => {
  test('the trust policy names the principals of the settings and asks for MFA', () => {
    const [create] = inputsOf(fixWith({ trustedPrincipals: [TRUSTED] }));
    const { AssumeRolePolicyDocument } = create as { readonly AssumeRolePolicyDocument: string };
    expect(JSON.parse(AssumeRolePolicyDocument)).toMatchObject({
      Statement: [
        {
          Effect: 'Allow',
          Principal: { AWS: [TRUSTED] },
          Action: 'sts:AssumeRole',
          Condition: { Bool: { 'aws:MultiFactorAuthPresent': 'true' } },
        },
      ],
    });
  });

  test('the settings may trust sessions without MFA, such as those of IAM Identity Center', () => {
    const [create] = inputsOf(fixWith({ trustedPrincipals: [TRUSTED], requireMfa: false }));
    expect(JSON.stringify(create)).not.toContain('MultiFactorAuthPresent');
  });

  test('the ARN of the policy has the partition of the account', () => {
    expect(inputsOf(fixWith({ trustedPrincipals: [TRUSTED] }))[1]).toMatchObject({
      PolicyArn: 'arn:aws-cn:iam::aws:policy/AWSSupportAccess',
    });
  });

  test('without somebody to trust, a person decides', () => {
    expect(fixWith({})).toEqual({ manual: expect.stringContaining('trustedPrincipals') });
  });

  test.for(['*', 'arn:aws:iam::*:root', 'arn:aws:iam::111122223333:role/*', '111122223333'])(
    'the settings cannot trust %s',
    (principal) => {
      expect(rule.parameters.safeParse({ trustedPrincipals: [principal] }).success).toBe(false);
    },
  );
});

test('a role of AWS itself is no role for a person, whatever policy it has', async () => {
  const session = fakeSession({
    allow: rule.permissions.list,
    answers: [
      on(IAMClient, ListEntitiesForPolicyCommand, () => ({
        PolicyRoles: [{ RoleName: 'AWSServiceRoleForSupport', RoleId: 'AROA1' }],
      })),
    ],
  });
  await expect(Array.fromAsync(rule.observe.list({ session }))).resolves.toMatchObject([
    { facts: { roles: [] } },
  ]);
  expect(session.sent).toMatchObject([
    { input: { EntityFilter: 'Role', PolicyArn: 'arn:aws:iam::aws:policy/AWSSupportAccess' } },
  ]);
});
