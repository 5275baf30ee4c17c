import {
  DescribeOrganizationCommand,
  DescribePolicyCommand,
  ListAccountsCommand,
  ListDelegatedAdministratorsCommand,
  ListParentsCommand,
  ListPoliciesForTargetCommand,
  OrganizationsClient,
  type ListAccountsCommandInput,
  type ListDelegatedAdministratorsCommandInput,
} from '@aws-sdk/client-organizations';
import { fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { readOrganization } from '../src/live/read-organization.ts';
import { readServiceControl } from '../src/live/read-service-control.ts';
import { MASTER, SANDBOX, WORKLOAD } from './examples.ts';

/** A fake of AWS Organizations: two accounts in one unit, each level with a policy. */
const PARENTS: Readonly<Record<string, string>> = { [WORKLOAD]: 'ou-a', [SANDBOX]: 'ou-a', 'ou-a': 'r-root' };
const answers = [
  on(OrganizationsClient, DescribeOrganizationCommand, () => ({
    Organization: { Id: 'o-exampleorg1', MasterAccountId: '123412341234' },
  })),
  on(OrganizationsClient, ListAccountsCommand, ({ NextToken }: ListAccountsCommandInput) =>
    NextToken === undefined
      ? { Accounts: [{ Id: WORKLOAD, Name: 'workload', State: 'ACTIVE' as const }], NextToken: 'more' }
      : { Accounts: [{ Id: SANDBOX, Name: 'sandbox', State: 'SUSPENDED' as const }] },
  ),
  on(
    OrganizationsClient,
    ListDelegatedAdministratorsCommand,
    ({ ServicePrincipal }: ListDelegatedAdministratorsCommandInput) => ({
      DelegatedAdministrators: ServicePrincipal === 'config.amazonaws.com' ? [{ Id: MASTER }] : [],
    }),
  ),
  on(OrganizationsClient, ListParentsCommand, ({ ChildId = '' }) => ({
    Parents: [{ Id: PARENTS[ChildId] }],
  })),
  on(OrganizationsClient, ListPoliciesForTargetCommand, ({ TargetId = '' }) => ({
    Policies: [{ Id: `p-${TargetId}`, Name: `of ${TargetId}` }],
  })),
  on(OrganizationsClient, DescribePolicyCommand, () => ({
    Policy: { Content: '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*"}}' },
  })),
];
const ALL = [
  'DescribeOrganization',
  'ListAccounts',
  'ListDelegatedAdministrators',
  'ListParents',
  'ListPoliciesForTarget',
  'DescribePolicy',
].map((name) => `organizations:${name}` as const);
const masterWith = (allow: readonly `organizations:${string}`[]) =>
  fakeSession({ allow, answers, accountId: MASTER });

describe('reading as an administrator of the organization', () => {
  test('an administrator reads all pages of accounts and its delegated services', async () => {
    const fragments = await Promise.all(readOrganization(masterWith(ALL)));
    expect(fragments.map(({ organization }) => organization)).toEqual([
      { id: 'o-exampleorg1', managementAccountId: '123412341234' },
      {
        accounts: [
          { id: WORKLOAD, name: 'workload', active: true },
          { id: SANDBOX, name: 'sandbox', active: false },
        ],
      },
      { administeredServices: ['config.amazonaws.com'] },
    ]);
  });
  test('an administrator reads the policies from each account up to the root, shared levels once', async () => {
    const session = masterWith(ALL);
    const fragments = await readServiceControl(session, [WORKLOAD, SANDBOX]);
    expect(
      fragments.flatMap(({ serviceControlPolicies = [] }) =>
        serviceControlPolicies.map(({ levels }) => levels.map(({ targetId }) => targetId)),
      ),
    ).toEqual([
      [WORKLOAD, 'ou-a', 'r-root'],
      [SANDBOX, 'ou-a', 'r-root'],
    ]);
    const asked = session.sent.filter(({ operation }) => operation === 'ListPoliciesForTarget');
    expect(asked).toHaveLength(4);
  });
});

test('a denied organization call is a refusal with its reason, not a gap', async () => {
  const session = masterWith(['organizations:DescribeOrganization']);
  const fragments = [
    ...(await Promise.all(readOrganization(session))),
    ...(await readServiceControl(session, [WORKLOAD])),
  ];
  expect(fragments.flatMap(({ coverage = [] }) => coverage.map(({ part }) => part))).toEqual([
    'organization',
  ]);
  expect(fragments.flatMap(({ refusals = [] }) => refusals)).toMatchObject([
    { part: 'organizationAccounts', reason: expect.stringContaining('organizations:ListAccounts') },
    { part: 'administration' },
    { part: 'serviceControl', accountId: WORKLOAD },
  ]);
  expect(fragments.flatMap(({ gaps = [] }) => gaps)).toEqual([]);
});
