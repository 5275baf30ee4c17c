import { AccountId, parseConfigurationItem, type CallStep } from '@compliance/core';
import { fakeSession, itemOf } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const arn = 'arn:aws:iam::111122223333:policy/teams/everything';
const facts = { arn, fullAdmin: ['Every action'], users: ['ann'], groups: [], roles: [] as string[] };

const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00.000Z'),
});

describe('judge', () => {
  test.for([
    ['a full-admin policy of a user', 'NON_COMPLIANT', facts, {}],
    ['a policy that makes no administrator', 'COMPLIANT', { ...facts, fullAdmin: [] }, {}],
    ['a policy that is attached to nobody', 'COMPLIANT', { ...facts, users: [] }, {}],
    ['an allowed policy', 'COMPLIANT', facts, { allowedPolicyArns: [arn] }],
    [
      'a policy in an allowed path',
      'COMPLIANT',
      facts,
      { allowedPolicyArns: ['arn:aws:iam::*:policy/teams/*'] },
    ],
    ['another policy than the allowed one', 'NON_COMPLIANT', facts, { allowedPolicyArns: [`${arn}2`] }],
    [
      'a policy of Identity Center',
      'COMPLIANT',
      { ...facts, users: [], roles: ['AWSReservedSSO_Admin_0123'] },
      {},
    ],
    [
      'a policy of an exempt role and a user',
      'NON_COMPLIANT',
      { ...facts, roles: ['OrganizationAccountAccessRole'] },
      {},
    ],
  ] as const)('%s is %s', ([, complianceType, found, parameters]) => {
    const { users, groups, roles, fullAdmin } = found;
    const copied = {
      arn,
      users: [...users],
      groups: [...groups],
      roles: [...roles],
      fullAdmin: [...fullAdmin],
    };
    expect(rule.judge(copied, context(parameters))).toMatchObject({ complianceType });
  });

  test('the annotation names three entities and counts the others, within the limit of AWS Config', () => {
    const long = (letter: string) => letter.repeat(64);
    const fullAdmin = [`Every action but ${'x'.repeat(40)}`];
    const many = { ...facts, fullAdmin, users: [long('a'), long('b')], groups: ['g'], roles: ['r', 's'] };
    const verdict = rule.judge(many, context());
    expect(verdict).toMatchObject({
      annotation: expect.stringMatching(/ to user a+\.{3}a+, user b+\.{3}b+, group g and 2 more\.$/),
    });
    expect('annotation' in verdict && verdict.annotation.length).toBeLessThanOrEqual(250);
  });
});

describe('the configuration item', () => {
  const session = fakeSession({ allow: [], answers: [] });
  const admin = encodeURIComponent('{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}');
  const read = encodeURIComponent('{"Statement":{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}}');
  const observed = (configuration: object) => {
    const resource = { resourceType: 'AWS::IAM::Policy', resourceId: 'ANPA1' };
    return rule.observe.item?.(parseConfigurationItem(itemOf(resource, session, { arn, configuration })));
  };
  const versions = (...documents: readonly string[]) =>
    documents.map((document, index) => ({ document, isDefaultVersion: index === 0 }));

  test.for([
    ['a policy that is not attached', { attachmentCount: 0, policyVersionList: versions(admin) }],
    [
      'a policy that is only a boundary',
      { attachmentCount: 0, permissionsBoundaryUsageCount: 1, policyVersionList: versions(admin) },
    ],
    [
      'an attached policy with a full-admin version that is not the default',
      { attachmentCount: 1, policyVersionList: versions(read, admin) },
    ],
  ] as const)('of %s decides', ([, configuration]) => {
    expect(observed(configuration)).toEqual({
      facts: { arn, fullAdmin: [], users: [], groups: [], roles: [] },
    });
  });

  test.for([
    ['an attached full-admin policy', { attachmentCount: 1, policyVersionList: versions(admin) }],
    ['a policy without a default version', { attachmentCount: 1, policyVersionList: [] }],
    ['a policy of which the number of attachments is missing', { policyVersionList: versions(read) }],
  ] as const)('of %s does not decide', ([, configuration]) => {
    expect(observed(configuration)).toBeUndefined();
  });
});

describe('fix', () => {
  const allowed = { allowedPolicyArns: ['arn:aws:iam::111122223333:policy/admins'] };
  const fixOf = (parameters: object, administrators: string[]) =>
    rule.fix?.({
      ...context(parameters),
      resource: { resourceType: 'AWS::IAM::Policy', resourceId: 'ANPA1' },
      facts: { ...facts, groups: ['admins'], roles: ['deploy', 'AWSReservedSSO_Admin_0123'] },
      handles: {
        administrators,
        inUse: [
          { kind: 'role', name: 'deploy' },
          { kind: 'role', name: 'ann' },
        ],
      },
    });

  test('a fix detaches the policy from everybody but exempt roles, and the plan names them', () => {
    const fix = fixOf(allowed, ['AWSReservedSSO_Admin_0123']);
    const steps = fix && 'steps' in fix ? (fix.steps as readonly CallStep[]) : [];
    expect(fix).toMatchObject({
      risk: 'disruptive',
      description: expect.stringContaining(
        'Detach everything from role deploy (in use), user ann and 1 more (in use: 1), which',
      ),
    });
    expect(steps.map(({ operation, input }) => [operation.name, input])).toEqual([
      ['DetachUserPolicy', { UserName: 'ann', PolicyArn: arn }],
      ['DetachGroupPolicy', { GroupName: 'admins', PolicyArn: arn }],
      ['DetachRolePolicy', { RoleName: 'deploy', PolicyArn: arn }],
    ]);
  });

  test('a role of a permission set is left to a person, also where no pattern exempts it', () => {
    const fix = fixOf({ ...allowed, exemptRoleNamePatterns: [] }, ['admin']);
    expect(fix).toMatchObject({
      steps: [
        { input: { UserName: 'ann' } },
        { input: { GroupName: 'admins' } },
        { input: { RoleName: 'deploy' } },
      ],
      effectiveAfter: { manual: expect.stringContaining('AWSReservedSSO_Admin_0123') },
    });
  });

  test.for([
    [
      'nobody said which policies administrators keep',
      {},
      ['AWSReservedSSO_Admin_0123'],
      'allowedPolicyArns',
    ],
    ['no administrator would be left', allowed, [], 'AdministratorAccess'],
  ] as const)('a person detaches the policy where %s', ([, parameters, administrators, what]) => {
    expect(fixOf(parameters, [...administrators])).toEqual({ manual: expect.stringContaining(what) });
  });
});
