import {
  ListAccountsForParentCommand,
  ListOrganizationalUnitsForParentCommand,
  ListRootsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { AccountId } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { denialsOf, isDenied } from '../src/denials.ts';
import type { Guardrails } from '../src/guardrails.ts';
import { rule } from '../src/rule.ts';

const MANAGEMENT = '111122223333';
const verdict = (guardrails: Partial<Guardrails>, parameters: object = {}) =>
  rule.judge(
    {
      organization: {
        types: ['SERVICE_CONTROL_POLICY'],
        policies: [],
        coverage: [{ policies: [], accounts: ['444455556666', '777788889999'] }],
        ...guardrails,
      },
    },
    {
      parameters: rule.parameters.parse(parameters),
      accountId: AccountId.parse(MANAGEMENT),
      region: 'eu-west-1',
      partition: 'aws',
      now: new Date('2026-11-20T12:00:00Z'),
    },
  );
const policy = (id: string, type: string, ...patterns: string[]) => ({
  id,
  type,
  name: id,
  denies: patterns.length > 0 ? [{ except: false, patterns }] : [],
});

describe('judge', () => {
  test('FullAWSAccess is no guardrail: the reason counts the accounts and names what they lack', () => {
    expect(verdict({})).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation:
        'Of 2 member accounts, 2 lack a denial of cloudtrail:StopLogging and 4 more: 444455556666 and 1 more.',
    });
  });

  test('a type of policies that is not on has no effect, and the reason says so', () => {
    expect(verdict({ types: [] })).toMatchObject({
      annotation: expect.stringContaining('No type of guardrail is on'),
    });
  });

  test('policies that the settings name must reach every account, of whatever type they are', () => {
    const policies = [policy('p-rcp', 'RESOURCE_CONTROL_POLICY')];
    const everywhere = [{ policies: ['p-rcp'], accounts: ['444455556666'] }];
    const parameters = { requiredPolicyIds: ['p-rcp'] };
    expect(verdict({ policies, coverage: everywhere }, parameters).complianceType).toBe('COMPLIANT');
    const coverage = [...everywhere, { policies: [], accounts: ['777788889999'] }];
    expect(verdict({ policies, coverage }, parameters)).toMatchObject({
      annotation: 'Of 2 member accounts, 1 lack p-rcp: 777788889999.',
    });
  });

  test('without any requirement one guardrail of any type is enough', () => {
    const policies = [policy('p-ec2', 'DECLARATIVE_POLICY_EC2')];
    const coverage = [{ policies: ['p-ec2'], accounts: ['444455556666'] }];
    const none = { requiredDenies: [] };
    expect(verdict({ policies, coverage }, none).complianceType).toBe('COMPLIANT');
    expect(verdict({}, none)).toMatchObject({ annotation: expect.stringContaining('lack any guardrail') });
  });
});

describe('what a policy denies', () => {
  const denials = (statement: object) =>
    denialsOf(
      JSON.stringify({ Statement: { Effect: 'Deny', Action: 'config:*', Resource: '*', ...statement } }),
    );
  const denies = (statement: object, action = 'config:StopConfigurationRecorder') =>
    isDenied(denials(statement), action);

  test.for([
    ['an action by a wildcard', {}, true],
    ['all actions but others', { Action: undefined, NotAction: ['iam:*'] }, true],
    ['all actions but this one', { Action: undefined, NotAction: ['config:*'] }, false],
    ['an action on some resources', { Resource: 'arn:aws:config:*:*:config-rule/ours-*' }, false],
    ['an action that it allows', { Effect: 'Allow' }, false],
    [
      'an action, but not for administrators',
      { Condition: { ArnNotLike: { 'aws:PrincipalARN': 'arn:aws:iam::*:role/admin' } } },
      true,
    ],
    [
      'an action in other Regions',
      { Condition: { StringNotEquals: { 'aws:RequestedRegion': 'eu-west-1' } } },
      false,
    ],
    [
      'an action, but not for any role',
      { Condition: { ArnNotLike: { 'aws:PrincipalARN': ['*:role/x', 'arn:aws:iam::*:role/*'] } } },
      false,
    ],
    [
      'an action, but not for the organization',
      { Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1234567890' } } },
      false,
    ],
    [
      'an action, but not for one account',
      { Condition: { StringNotEquals: { 'aws:PrincipalAccount': '444455556666' } } },
      false,
    ],
    [
      'an action, but not for services of AWS',
      { Condition: { BoolIfExists: { 'aws:PrincipalIsAWSService': 'false' } } },
      true,
    ],
    ['an action for one role', { Condition: { ArnLike: { 'aws:PrincipalARN': '*:role/dev' } } }, false],
  ] as const)('%s: %j is a denial: %j', ([, statement, expected]) => {
    expect(denies(statement)).toBe(expected);
  });
});

test('suspended accounts and the management account are not among the members', async () => {
  const session = fakeSession({
    accountId: MANAGEMENT,
    allow: rule.permissions.get,
    answers: [
      on(OrganizationsClient, ListRootsCommand, () => ({ Roots: [{ Id: 'r-1', PolicyTypes: [] }] })),
      on(OrganizationsClient, ListOrganizationalUnitsForParentCommand, () => ({ OrganizationalUnits: [] })),
      on(OrganizationsClient, ListAccountsForParentCommand, () => ({
        Accounts: [
          { Id: MANAGEMENT, State: 'ACTIVE' as const },
          { Id: '444455556666', State: 'SUSPENDED' as const },
          { Id: '777788889999', Status: 'ACTIVE' as const },
        ],
      })),
    ],
  });
  const resource = { resourceType: 'AWS::::Account', resourceId: MANAGEMENT };
  await expect(rule.observe.get(resource, { session })).resolves.toMatchObject({
    facts: { organization: { coverage: [{ policies: [], accounts: ['777788889999'] }] } },
  });
});
