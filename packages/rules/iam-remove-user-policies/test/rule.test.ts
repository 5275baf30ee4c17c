import { AccountId, parseConfigurationItem, type CallStep } from '@compliance/core';
import { itemOf, fakeSession } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00.000Z'),
});
const resource = { resourceType: 'AWS::IAM::User', resourceId: 'AIDA1' };
const ARN = 'arn:aws:iam::111122223333:policy/teams/ReadOnly';

describe('judge', () => {
  test.for([
    [[], [], undefined],
    [['mine'], [], 'The user has policies of its own: inline mine.'],
    [[], [ARN], 'The user has policies of its own: attached ReadOnly.'],
    [
      ['a', 'b'],
      [ARN, ARN],
      'The user has policies of its own: inline a, inline b, attached ReadOnly and 1 more.',
    ],
  ] as const)('inline %j and attached %j are the violation %j', ([inline, attached, annotation]) => {
    const verdict = rule.judge({ inlinePolicies: [...inline], attachedPolicies: [...attached] }, context());
    expect(verdict).toEqual(
      annotation === undefined
        ? { complianceType: 'COMPLIANT' }
        : { complianceType: 'NON_COMPLIANT', annotation },
    );
  });

  test('long names are shortened to the limit of AWS Config', () => {
    const inlinePolicies = ['a', 'b', 'c', 'd'].map((letter) => letter.repeat(128));
    const verdict = rule.judge({ inlinePolicies, attachedPolicies: [] }, context());
    expect('annotation' in verdict && verdict.annotation.length).toBeLessThanOrEqual(250);
  });
});

describe('the configuration item', () => {
  const observed = (configuration: object) =>
    rule.observe.item?.(
      parseConfigurationItem(
        itemOf(resource, fakeSession({ allow: [], answers: [] }), {
          arn: 'arn:aws:iam::111122223333:user/ann',
          configuration,
        }),
      ),
    );

  test('has the policies; its permissions boundary and its groups are none of them', () => {
    expect(
      observed({
        userPolicyList: [{ policyName: 'mine', policyDocument: '%7B%7D' }],
        attachedManagedPolicies: [{ policyName: 'ReadOnly', policyArn: ARN }],
        permissionsBoundary: { permissionsBoundaryArn: 'arn:aws:iam::111122223333:policy/Boundary' },
        groupList: ['everybody'],
      }),
    ).toEqual({ facts: { inlinePolicies: ['mine'], attachedPolicies: [ARN] } });
  });

  test.for([{}, { userPolicyList: [] }, { userPolicyList: 'none', attachedManagedPolicies: [] }])(
    'that lacks a list does not decide: %j',
    (configuration) => {
      expect(observed(configuration)).toBeUndefined();
    },
  );
});

describe('fix', () => {
  const handles = {
    userName: 'ann',
    inline: [{ name: 'mine', document: '{}' }],
    attached: [ARN],
    groups: ['everybody'],
    inUse: false,
  };
  const fixOf = (parameters: object, changed: Partial<typeof handles> = {}) =>
    rule.fix?.({
      ...context(parameters),
      resource,
      facts: { inlinePolicies: [], attachedPolicies: [] },
      handles: { ...handles, ...changed },
    });
  const operations = (fix: ReturnType<typeof fixOf>) =>
    (fix && 'steps' in fix ? (fix.steps as readonly CallStep[]) : []).map(({ operation }) => operation.name);
  const groupName = 'users-${aws:username}';

  test('the group grants everything before anything is removed from the user', () => {
    const fix = fixOf({ groupName });
    expect(fix).toMatchObject({ description: 'Move the policies of user ann to a new group users-ann' });
    expect(operations(fix)).toEqual([
      'CreateGroup',
      'AttachGroupPolicy',
      'PutGroupPolicy',
      'AddUserToGroup',
      'DetachUserPolicy',
      'DeleteUserPolicy',
    ]);
  });

  test('a group that exists stops the fix: nobody else may get the policies', () => {
    const fix = fixOf({ groupName });
    const [create] = fix && 'steps' in fix ? (fix.steps as readonly CallStep[]) : [];
    expect(create).toMatchObject({ alreadyDone: [] });
  });

  test('detaching only removes the policies, and the plan says what is left', () => {
    const fix = fixOf({ mode: 'detachOnly' });
    expect(fix).toMatchObject({
      risk: 'disruptive',
      description: 'Remove all policies of user ann, which then has only what its groups grant (everybody)',
    });
    expect(operations(fix)).toEqual(['DetachUserPolicy', 'DeleteUserPolicy']);
    expect(fixOf({ mode: 'detachOnly' }, { groups: [] })).toMatchObject({
      description: 'Remove all policies of user ann, which then has no permission',
    });
  });

  test('an approval does not outlive the first use of the user: the plan says that there is one', () => {
    expect(fixOf({ mode: 'detachOnly' }, { inUse: true })).toMatchObject({
      description: expect.stringContaining('of user ann (in use), which'),
    });
    expect(fixOf({ groupName }, { inUse: true })).toMatchObject({
      description: 'Move the policies of user ann (in use) to a new group users-ann',
    });
  });

  test.for([
    ['no group is named', {}, {}],
    ['the user is in the group already', { groupName }, { groups: ['users-ann'] }],
    ['the user is in ten groups', { groupName }, { groups: Array.from({ length: 10 }, (_, n) => `g${n}`) }],
    [
      'the user has eleven managed policies',
      { groupName },
      { attached: Array.from({ length: 11 }, (_, n) => `${ARN}${n}`) },
    ],
  ] as const)('a person moves the policies where %s', ([, parameters, changed]) => {
    const copied = Object.fromEntries(Object.entries(changed).map(([name, list]) => [name, [...list]]));
    expect(fixOf(parameters, copied)).toEqual({ manual: expect.stringContaining('ann') });
  });

  test('one group for several users is refused in the settings', () => {
    expect(() => rule.parameters.parse({ groupName: 'everybody' })).toThrow('${aws:username}');
  });
});
