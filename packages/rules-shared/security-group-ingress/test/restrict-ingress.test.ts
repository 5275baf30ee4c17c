import {
  DescribeSecurityGroupsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import { AccountId, parseConfigurationItem, type CallStep } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import type { Family } from '../src/cidr.ts';
import type { Ingress } from '../src/ingress.ts';
import { restrictIngress } from '../src/restrict-ingress.ts';

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::EC2::SecurityGroup', resourceId: 'sg-1' };

const ruleOn = (...families: readonly Family[]) =>
  restrictIngress({
    command: 'EXAMPLE_RESTRICT_INGRESS',
    title: 'Security groups do not open the port',
    rationale: 'An example.',
    impact: 'None.',
    ports: [445],
    portsAre: 'ports',
    families,
    controls: {},
    equivalents: {},
  });
const both = ruleOn('ipv4', 'ipv6');

const context = (parameters: object = {}) => ({
  parameters: both.parameters.parse(parameters),
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
});

const on445 = (source: string): Ingress => ({ protocol: 'tcp', fromPort: 445, toPort: 445, source });
const facts = (...sources: readonly string[]) => ({
  ownerId: accountId,
  ingress: sources.map(on445),
  prefixLists: {},
});

test.for([
  [['::/0'], 'All of IPv6 can reach tcp 445, through ::/0 (tcp 445).'],
  [['0:0:0:0:0:0:0:0/0'], 'All of IPv6 can reach tcp 445, through 0:0:0:0:0:0:0:0/0 (tcp 445).'],
  [['::/1', '8000::/1'], 'All of IPv6 can reach tcp 445, through ::/1 (tcp 445).'],
  [
    ['2400::/6', '2000::/6', '2800::/6'],
    '88% of IPv6 can reach tcp 445, through 2400::/6 (tcp 445), 2800::/6 (tcp 445), 2000::/6 (tcp 445).',
  ],
  [
    ['0.0.0.0/0', '::/0'],
    'All of IPv4 and all of IPv6 can reach tcp 445, through 0.0.0.0/0 (tcp 445), ::/0 (tcp 445).',
  ],
] as const)(
  'a group that admits %j is NON_COMPLIANT for a rule on both families',
  ([sources, annotation]) => {
    expect(both.judge(facts(...sources), context())).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  },
);

test.for([
  [['2001:db8::/32', '10.0.0.0/8']],
  [['fc00::/7']],
  // A fifth of IPv4 and a quarter of IPv6 are not added up.
  [['0.0.0.0/2', '2a00::/11']],
] as const)('a group that admits %j is COMPLIANT for a rule on both families', ([sources]) => {
  expect(both.judge(facts(...sources), context())).toEqual({ complianceType: 'COMPLIANT' });
});

const itemWith = (ipPermission: object) =>
  parseConfigurationItem({
    awsAccountId: accountId,
    awsRegion: 'eu-west-1',
    ...resource,
    configurationItemStatus: 'OK',
    configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
    configuration: {
      ownerId: accountId,
      ipPermissions: [
        { ipProtocol: 'tcp', fromPort: 445, toPort: 445, ipv4Ranges: [], prefixListIds: [], ...ipPermission },
      ],
    },
  });

test('an item gives the sources of the families of the rule alone', () => {
  const item = itemWith({ ipv4Ranges: [{ cidrIp: '0.0.0.0/0' }], ipv6Ranges: [{ cidrIpv6: '::/0' }] });
  const ingressFor = (...families: readonly Family[]) =>
    ruleOn(...families)
      .observe.item?.(item)
      ?.facts.ingress.map(({ source }) => source);
  expect(ingressFor('ipv4')).toEqual(['0.0.0.0/0']);
  expect(ingressFor('ipv6')).toEqual(['::/0']);
  expect(ingressFor('ipv4', 'ipv6')).toEqual(['0.0.0.0/0', '::/0']);
});

test('an item without IPv6 ranges gives no facts to a rule on IPv6', () => {
  expect(ruleOn('ipv6').observe.item?.(itemWith({}))).toBeUndefined();
});

test('an item with ICMPv6 from everywhere gives no source, because types are not ports', () => {
  const icmp = itemWith({ ipProtocol: 'icmpv6', ipv6Ranges: [{ cidrIpv6: '::/0' }] });
  expect(both.observe.item?.(icmp)).toEqual({ facts: facts() });
});

test.for([
  ['no network interface uses', [], 'which no network interface uses'],
  ['an instance uses', ['eni-1'], 'which is in use'],
  ['a service that scales uses', ['eni-1', 'eni-2'], 'which is in use'],
] as const)('the plan for a group that %s says so, without their number', ([, interfaces, use]) => {
  const rules = [{ ...on445('::/0'), ruleId: 'sgr-1', tags: [] }];
  const handles = { rules, interfaces: [...interfaces] };
  expect(both.fix?.({ ...context(), resource, facts: facts('::/0'), handles })).toMatchObject({
    description: `Revoke the rules that let all of IPv6 reach tcp 445 of sg-1, ${use}`,
  });
});

test('a fix replaces what it revokes, and its undo restores it, over IPv6 too', () => {
  const rules = [{ ...on445('::/0'), ruleId: 'sgr-1', tags: [], description: 'old' }];
  const fix = both.fix?.({
    ...context({ replacementCidrs: ['192.0.2.0/24', '2001:db8::/32'] }),
    resource,
    facts: facts('::/0'),
    handles: { rules, interfaces: [] },
  });
  if (!fix || 'manual' in fix) throw new Error('Expected a change.');
  const steps = fix.steps as readonly CallStep[];
  const ports = { IpProtocol: 'tcp', FromPort: 445, ToPort: 445 };
  expect(steps.map(({ input }) => input)).toEqual([
    { GroupId: 'sg-1', IpPermissions: [{ ...ports, IpRanges: [{ CidrIp: '192.0.2.0/24' }] }] },
    { GroupId: 'sg-1', IpPermissions: [{ ...ports, Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }] }] },
    { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] },
  ]);
  expect(steps.at(-1)?.undo).toMatchObject({
    input: {
      IpPermissions: [{ ...ports, Ipv6Ranges: [{ CidrIpv6: '::/0', Description: 'old' }] }],
    },
  });
});

test.for([
  [{ replacementCidrs: ['::/0'] }, false],
  [{ replacementCidrs: ['::/1', '0.0.0.0/2'] }, false],
  [{ replacementCidrs: ['0.0.0.0/2', '2a00::/12'] }, true],
] as const)('the parameters %j are accepted: %s', ([parameters, accepted]) => {
  expect(both.parameters.safeParse(parameters).success).toBe(accepted);
});

test('a rule on one family refuses replacements of the other', () => {
  expect(ruleOn('ipv6').parameters.safeParse({ replacementCidrs: ['192.0.2.0/24'] }).success).toBe(false);
  expect(ruleOn('ipv4').parameters.safeParse({ replacementCidrs: ['2001:db8::/32'] }).success).toBe(false);
});

test('the rules of a sweep share one listing of the groups and one read of each prefix list', async () => {
  const lists = ['pl-1', 'pl-2'].map((PrefixListId) => ({ PrefixListId }));
  const session = fakeSession({
    allow: both.permissions.list,
    answers: [
      on(EC2Client, DescribeSecurityGroupsCommand, () => ({
        SecurityGroups: ['sg-1', 'sg-2'].map((GroupId) => ({
          GroupId,
          OwnerId: accountId,
          IpPermissions: [{ IpProtocol: 'tcp', FromPort: 445, ToPort: 445, PrefixListIds: lists }],
        })),
      })),
      on(EC2Client, GetManagedPrefixListEntriesCommand, ({ PrefixListId }) => ({
        Entries: [{ Cidr: PrefixListId === 'pl-1' ? '192.0.2.0/24' : '2600::/12' }],
      })),
    ],
  });
  const rules = [ruleOn('ipv4'), ruleOn('ipv6'), both];
  const listed = await Promise.all(rules.map(({ observe }) => Array.fromAsync(observe.list({ session }))));
  expect(listed.map(([found]) => (found && 'facts' in found ? found.facts.prefixLists : undefined))).toEqual([
    { 'pl-1': ['192.0.2.0/24'], 'pl-2': [] },
    { 'pl-1': [], 'pl-2': ['2600::/12'] },
    { 'pl-1': ['192.0.2.0/24'], 'pl-2': ['2600::/12'] },
  ]);
  expect(session.sent.map(({ operation }) => operation).toSorted()).toEqual([
    'DescribeSecurityGroups',
    'GetManagedPrefixListEntries',
    'GetManagedPrefixListEntries',
  ]);
});
