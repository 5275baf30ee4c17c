import {
  DescribeNetworkInterfacesCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
  type DescribeSecurityGroupsCommandInput,
} from '@aws-sdk/client-ec2';
import { AccountId, parseConfigurationItem, type CallStep } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import type { Facts, Ingress, IngressRule } from '@compliance/security-group-ingress';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::EC2::SecurityGroup', resourceId: 'sg-1' };

const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
});

const tcp = (fromPort: number, toPort: number, source: string): Ingress => ({
  protocol: 'tcp',
  fromPort,
  toPort,
  source,
});

const facts = (ingress: Ingress[], prefixLists: Facts['prefixLists'] = {}) => ({
  ownerId: accountId,
  ingress,
  prefixLists,
});

describe('judge', () => {
  test.for([
    ['SSH', [tcp(22, 22, '0.0.0.0/0')], 'All of IPv4 can reach tcp 22, through 0.0.0.0/0 (tcp 22).'],
    [
      'all traffic',
      [{ protocol: 'all', fromPort: 0, toPort: 65_535, source: '0.0.0.0/0' }],
      'All of IPv4 can reach tcp 22, tcp 3389, udp 22 and 1 more, through 0.0.0.0/0 (all traffic).',
    ],
    [
      'only sources that take part',
      [tcp(22, 22, '0.0.0.0/1'), tcp(20, 25, '128.0.0.0/1'), tcp(22, 22, '192.0.2.0/24')],
      'All of IPv4 can reach tcp 22, through 0.0.0.0/1 (tcp 22), 128.0.0.0/1 (tcp 20-25).',
    ],
  ] as const)('the annotation names the open ports and their sources: %s', ([, ingress, annotation]) => {
    expect(rule.judge(facts([...ingress]), context())).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation,
    });
  });

  test('the annotation names a prefix list by its id', () => {
    const seen = facts([tcp(22, 22, 'pl-1')], { 'pl-1': ['0.0.0.0/1', '128.0.0.0/1'] });
    expect(rule.judge(seen, context())).toMatchObject({
      annotation: expect.stringContaining('pl-1 (tcp 22)'),
    });
  });

  test('the annotation of many ports and sources is short enough', () => {
    const parts = Array.from({ length: 256 }, (_, n) => tcp(10_000 + n, 65_535, `${n}.0.0.0/8`));
    const ports = [60_001, 60_002, 60_003, 60_004, 60_005];
    const verdict = rule.judge(facts(parts), context({ ports }));
    if (verdict.complianceType === 'COMPLIANT') throw new Error('The 256 CIDRs cover all of IPv4.');
    expect(verdict.annotation.length).toBeLessThan(250);
    expect(verdict.annotation).toMatch(/^[\x20-\x7E]+$/);
  });

  const quarters = ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2'];

  test.for([
    [
      'ranges that leave out only multicast and reserved addresses',
      ['0.0.0.0/1', '128.0.0.0/2', '192.0.0.0/3'],
      {},
      'All of IPv4 can reach tcp 22, through 0.0.0.0/1 (tcp 22), 128.0.0.0/2 (tcp 22), 192.0.0.0/3 (tcp 22).',
    ],
    [
      'a range of more than half',
      ['0.0.0.0/1'],
      {},
      '57% of IPv4 can reach tcp 22, through 0.0.0.0/1 (tcp 22).',
    ],
    [
      'ranges that together are more than half',
      quarters,
      {},
      '86% of IPv4 can reach tcp 22, through 128.0.0.0/2 (tcp 22), 64.0.0.0/2 (tcp 22), 0.0.0.0/2 (tcp 22).',
    ],
    [
      'a range of more than the parameter allows',
      ['8.0.0.0/8'],
      { maxOpenShare: 0.001 },
      'Less than 1% of IPv4 can reach tcp 22, through 8.0.0.0/8 (tcp 22).',
    ],
    [
      'one public address where none is allowed',
      ['8.8.8.8/32'],
      { maxOpenShare: 0 },
      'Less than 1% of IPv4 can reach tcp 22, through 8.8.8.8/32 (tcp 22).',
    ],
  ] as const)('a group that admits %s is NON_COMPLIANT', ([, cidrs, parameters, annotation]) => {
    const seen = facts(cidrs.map((cidr) => tcp(22, 22, cidr)));
    expect(rule.judge(seen, context(parameters))).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });

  test.for([
    ['a range of less than half', ['128.0.0.0/1'], {}],
    ['ranges as wide as the parameter allows', quarters, { maxOpenShare: 0.9 }],
    ['private ranges only', ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'], { maxOpenShare: 0 }],
  ] as const)('a group that admits %s is COMPLIANT', ([, cidrs, parameters]) => {
    const seen = facts(cidrs.map((cidr) => tcp(22, 22, cidr)));
    expect(rule.judge(seen, context(parameters))).toEqual({ complianceType: 'COMPLIANT' });
  });

  const everywhere = '0.0.0.0/0';

  test.for([
    ['RDP', [tcp(3389, 3389, everywhere)]],
    ['RDP over UDP', [{ ...tcp(3389, 3389, everywhere), protocol: 'udp' }]],
    ['a range of ports around SSH', [tcp(20, 25, everywhere)]],
    ['all ports', [tcp(0, 65_535, everywhere)]],
  ] as const)('a group that admits %s from everywhere is NON_COMPLIANT', ([, ingress]) => {
    expect(rule.judge(facts([...ingress]), context())).toMatchObject({ complianceType: 'NON_COMPLIANT' });
  });

  test.for([
    ['no source', []],
    ['ports beside SSH and RDP from everywhere', [tcp(0, 21, everywhere), tcp(23, 3388, everywhere)]],
    ['parts of IPv4 on different ports', [tcp(22, 22, '0.0.0.0/2'), tcp(3389, 3389, '128.0.0.0/1')]],
    [
      'parts of IPv4 over different protocols',
      [tcp(22, 22, '0.0.0.0/2'), { ...tcp(22, 22, '128.0.0.0/1'), protocol: 'udp' }],
    ],
  ] as const)('a group that admits %s is COMPLIANT', ([, ingress]) => {
    expect(rule.judge(facts([...ingress]), context())).toEqual({ complianceType: 'COMPLIANT' });
  });

  test('a group that another account shares is NOT_APPLICABLE', () => {
    const seen = { ...facts([tcp(22, 22, '0.0.0.0/0')]), ownerId: '444455556666' };
    expect(rule.judge(seen, context())).toEqual({
      complianceType: 'NOT_APPLICABLE',
      annotation: 'Account 444455556666 owns this shared security group.',
    });
  });
});

test.for([
  { ports: [] },
  { ports: [65_536] },
  { replacementCidrs: ['10.0.0.0'] },
  { replacementCidrs: ['0.0.0.0/0'] },
  { replacementCidrs: ['0.0.0.0/1', '128.0.0.0/1'] },
  { replacementCidrs: ['8.0.0.0/8'], maxOpenShare: 0.001 },
  { maxOpenShare: 1 },
  { maxOpenShare: -0.1 },
])('the parameters %j are refused', (parameters) => {
  expect(rule.parameters.safeParse(parameters).success).toBe(false);
});

describe('the configuration item', () => {
  const itemWith = (configuration: unknown) =>
    rule.observe.item?.(
      parseConfigurationItem({
        awsAccountId: accountId,
        awsRegion: 'eu-west-1',
        ...resource,
        configurationItemStatus: 'OK',
        configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
        configuration,
      }),
    );

  const permission = {
    ipProtocol: 'tcp',
    fromPort: 22,
    toPort: 22,
    ipRanges: ['0.0.0.0/0'],
    prefixListIds: [],
  };
  const ssh = { facts: facts([tcp(22, 22, '0.0.0.0/0')]) };

  test.for([
    ['ranges as objects', { ...permission, ipv4Ranges: [{ cidrIp: '0.0.0.0/0' }] }],
    ['ranges as text', permission],
    ['a protocol by its number', { ...permission, ipProtocol: '6' }],
  ] as const)('a configuration item gives its sources as facts: %s', ([, ipPermission]) => {
    expect(itemWith({ ownerId: accountId, ipPermissions: [ipPermission] })).toEqual(ssh);
  });

  test.for([
    ['a prefix list', { ...permission, prefixListIds: [{ prefixListId: 'pl-1' }] }],
    ['no ranges', { ...permission, ipRanges: undefined }],
    ['no prefix lists', { ...permission, prefixListIds: undefined }],
  ] as const)('a configuration item with %s gives no facts', ([, ipPermission]) => {
    expect(itemWith({ ownerId: accountId, ipPermissions: [ipPermission] })).toBeUndefined();
  });

  test.for([null, {}, { ipPermissions: [] }, { ownerId: accountId }])(
    'a configuration item with the configuration %j gives no facts',
    (configuration) => {
      expect(itemWith(configuration)).toBeUndefined();
    },
  );

  test('a prefix list of another protocol does not matter', () => {
    const icmp = { ...permission, ipProtocol: 'icmp', prefixListIds: [{ prefixListId: 'pl-1' }] };
    expect(itemWith({ ownerId: accountId, ipPermissions: [icmp] })).toEqual({ facts: facts([]) });
  });
});

describe('fix', () => {
  const planOf = (
    rules: readonly IngressRule[],
    parameters: object = {},
    prefixLists: Facts['prefixLists'] = {},
  ) => {
    const seen = facts(
      rules.map(({ protocol, fromPort, toPort, source }) => ({ protocol, fromPort, toPort, source })),
      prefixLists,
    );
    return rule.fix?.({
      ...context(parameters),
      resource,
      facts: seen,
      handles: { rules: [...rules], interfaces: [] },
    });
  };
  const fixOf = (...input: Parameters<typeof planOf>) => {
    const fix = planOf(...input);
    if (!fix || 'manual' in fix) throw new Error('Expected a change.');
    return fix;
  };
  const calls = (steps: readonly { readonly type: string }[]) =>
    (steps as readonly CallStep[]).map(({ operation, input }) => [operation.name, input]);
  const sgr = (ruleId: string, ingress: Ingress, more: Partial<IngressRule> = {}): IngressRule => ({
    ...ingress,
    ruleId,
    tags: [],
    ...more,
  });

  test('a fix revokes the rules that open a port, by their ids, and no other rule', () => {
    const fix = fixOf([
      sgr('sgr-1', tcp(22, 22, '0.0.0.0/0')),
      sgr('sgr-2', tcp(22, 22, '192.0.2.0/24')),
      sgr('sgr-3', tcp(443, 443, '0.0.0.0/0')),
      sgr('sgr-4', tcp(0, 65_535, '0.0.0.0/0')),
    ]);
    expect(fix.risk).toBe('disruptive');
    expect(calls(fix.steps)).toEqual([
      ['RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] }],
      ['RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-4'] }],
    ]);
  });

  test('a fix of a port that several rules open together is left to a person', () => {
    const quarters = ['0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2'];
    expect(planOf(quarters.map((cidr, n) => sgr(`sgr-${n}`, tcp(22, 22, cidr))))).toEqual({
      manual:
        'Narrow the rules of sg-1 that together are too wide: 86% of IPv4 can reach tcp 22, through 128.0.0.0/2 (tcp 22), 64.0.0.0/2 (tcp 22), 0.0.0.0/2 (tcp 22).',
    });
  });

  test('a fix revokes the rule that alone is too wide, and leaves the rest to a person', () => {
    const cidrs = ['0.0.0.0/0', '0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2'];
    const fix = fixOf(cidrs.map((cidr, n) => sgr(`sgr-${n}`, tcp(22, 22, cidr))));
    expect(calls(fix.steps)).toEqual([
      ['RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-0'] }],
    ]);
    expect(fix.effectiveAfter).toEqual({ manual: expect.stringContaining('86% of IPv4 can reach tcp 22') });
  });

  test('a fix whose replacements and other rules together are too wide leaves the rest to a person', () => {
    const rules = [sgr('sgr-1', tcp(22, 22, '0.0.0.0/0')), sgr('sgr-2', tcp(22, 22, '128.0.0.0/2'))];
    expect(fixOf(rules, { replacementCidrs: ['32.0.0.0/3', '64.0.0.0/3'] }).effectiveAfter).toEqual({
      manual: expect.stringContaining('% of IPv4 can reach tcp 22'),
    });
    expect(fixOf(rules, { replacementCidrs: ['32.0.0.0/3'] })).not.toHaveProperty('effectiveAfter');
  });

  test('a fix beside a prefix list that cannot be read leaves the list to a person', () => {
    const rules = [sgr('sgr-1', tcp(22, 22, '0.0.0.0/0')), sgr('sgr-2', tcp(22, 22, 'pl-1'))];
    const unread = { 'pl-1': { unreadable: 'InvalidPrefixListID.NotFound' } };
    const fix = fixOf(rules, {}, unread);
    expect(calls(fix.steps)).toEqual([
      ['RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] }],
    ]);
    const manual = expect.stringContaining('prefix list pl-1 (tcp 22) cannot be read');
    expect(fix.effectiveAfter).toEqual({ manual });
    expect(planOf(rules.slice(1), {}, unread)).toEqual({ manual });
  });

  test('an undo restores a rule with its description and tags', () => {
    const tags = [{ Key: 'team', Value: 'network' }];
    const { steps } = fixOf([sgr('sgr-1', tcp(22, 25, '0.0.0.0/0'), { description: 'old', tags })]);
    expect(steps).toMatchObject([
      {
        undo: {
          operation: { name: 'AuthorizeSecurityGroupIngress' },
          input: {
            GroupId: 'sg-1',
            IpPermissions: [
              {
                IpProtocol: 'tcp',
                FromPort: 22,
                ToPort: 25,
                IpRanges: [{ CidrIp: '0.0.0.0/0', Description: 'old' }],
              },
            ],
            TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: tags }],
          },
          alreadyDone: ['InvalidPermission.Duplicate'],
        },
      },
    ]);
  });

  test('a fix authorizes the replacements before it revokes, once per range of ports', () => {
    const fix = fixOf(
      [
        sgr('sgr-1', tcp(22, 22, '0.0.0.0/0')),
        sgr('sgr-2', tcp(22, 22, '0.0.0.0/1'), { description: 'old' }),
      ],
      { replacementCidrs: ['192.0.2.0/24'] },
    );
    expect(calls(fix.steps)).toEqual([
      [
        'AuthorizeSecurityGroupIngress',
        {
          GroupId: 'sg-1',
          IpPermissions: [
            { IpProtocol: 'tcp', FromPort: 22, ToPort: 22, IpRanges: [{ CidrIp: '192.0.2.0/24' }] },
          ],
        },
      ],
      ['RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-1'] }],
      ['RevokeSecurityGroupIngress', { GroupId: 'sg-1', SecurityGroupRuleIds: ['sgr-2'] }],
    ]);
  });

  test('an answer with Return false is a failure', () => {
    const [step] = fixOf([sgr('sgr-1', tcp(22, 22, '0.0.0.0/0'))]).steps as readonly CallStep[];
    expect(step?.operation.refused?.({ Return: false })).toMatch(/failed/);
    expect(step?.operation.refused?.({ Return: true })).toBeUndefined();
  });
});

describe('a prefix list that cannot be read', () => {
  /** A stateful fake of two groups, one of which names a prefix list of another account. */
  const session = (code = 'InvalidPrefixListID.NotFound') =>
    fakeSession({
      allow: [...rule.permissions.list, ...rule.permissions.get],
      answers: [
        on(EC2Client, DescribeSecurityGroupsCommand, ({ GroupIds }: DescribeSecurityGroupsCommandInput) => ({
          SecurityGroups: ['sg-1', 'sg-2']
            .filter((id) => GroupIds?.includes(id) ?? true)
            .map((GroupId) => ({
              GroupId,
              OwnerId: accountId,
              IpPermissions: [
                {
                  IpProtocol: 'tcp',
                  FromPort: 22,
                  ToPort: 22,
                  PrefixListIds: GroupId === 'sg-1' ? [{ PrefixListId: 'pl-1' }] : [],
                },
              ],
            })),
        })),
        on(EC2Client, DescribeNetworkInterfacesCommand, () => ({
          NetworkInterfaces: [{ NetworkInterfaceId: 'eni-1' }],
        })),
        on(EC2Client, DescribeSecurityGroupRulesCommand, () => ({
          SecurityGroupRules: [
            {
              SecurityGroupRuleId: 'sgr-1',
              IpProtocol: 'tcp',
              FromPort: 22,
              ToPort: 22,
              PrefixListId: 'pl-1',
            },
          ],
        })),
        on(EC2Client, GetManagedPrefixListEntriesCommand, () => {
          throw awsError(code);
        }),
      ],
    });

  const unread = (...ingress: Ingress[]) =>
    facts(ingress, { 'pl-1': { unreadable: 'InvalidPrefixListID.NotFound' } });

  test('a prefix list that cannot be read is a fact of its group, however the group is observed', async () => {
    const seen = unread(tcp(22, 22, 'pl-1'));
    const listed = await Array.fromAsync(rule.observe.list({ session: session() }));
    expect(listed.map((found) => ('facts' in found ? found.facts : undefined))).toEqual([seen, facts([])]);
    await expect(rule.observe.get(resource, { session: session() })).resolves.toMatchObject({ facts: seen });
  });

  test('a prefix list that is throttled is a failure of its group, which is tried again', async () => {
    const listed = await Array.fromAsync(rule.observe.list({ session: session('RequestLimitExceeded') }));
    expect(listed.map((found) => 'facts' in found)).toEqual([false, true]);
    await expect(rule.observe.get(resource, { session: session('RequestLimitExceeded') })).rejects.toThrow(
      'RequestLimitExceeded',
    );
  });

  test('a port open to the world is NON_COMPLIANT beside a prefix list that cannot be read', () => {
    expect(rule.judge(unread(tcp(22, 22, '0.0.0.0/0'), tcp(22, 22, 'pl-1')), context())).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: 'All of IPv4 can reach tcp 22, through 0.0.0.0/0 (tcp 22).',
    });
  });

  test('a prefix list that cannot be read does not matter on other ports', () => {
    expect(rule.judge(unread(tcp(443, 443, 'pl-1')), context())).toEqual({ complianceType: 'COMPLIANT' });
  });

  test('a prefix list that cannot be read is never COMPLIANT on the ports of the settings', () => {
    expect(rule.judge(unread(tcp(22, 22, 'pl-1')), context())).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: 'Not proven: prefix list pl-1 (tcp 22) cannot be read: InvalidPrefixListID.NotFound.',
    });
  });
});

test('groups with the same prefix list are listed with one read of it', async () => {
  const permission = {
    IpProtocol: 'tcp',
    FromPort: 22,
    ToPort: 22,
    PrefixListIds: [{ PrefixListId: 'pl-1' }],
  };
  const session = fakeSession({
    allow: rule.permissions.list,
    answers: [
      on(EC2Client, DescribeSecurityGroupsCommand, () => ({
        SecurityGroups: ['sg-1', 'sg-2'].map((GroupId) => ({
          GroupId,
          OwnerId: accountId,
          IpPermissions: [permission],
        })),
      })),
      on(EC2Client, GetManagedPrefixListEntriesCommand, () => ({
        Entries: [{ Cidr: '128.0.0.0/1' }, { Cidr: '0.0.0.0/1' }, { Cidr: '2001:db8::/32' }],
      })),
    ],
  });
  const seen = facts([tcp(22, 22, 'pl-1')], { 'pl-1': ['0.0.0.0/1', '128.0.0.0/1'] });
  await expect(Array.fromAsync(rule.observe.list({ session }))).resolves.toMatchObject([
    { facts: seen },
    { facts: seen },
  ]);
  expect(session.sent.map(({ operation }) => operation)).toEqual([
    'DescribeSecurityGroups',
    'GetManagedPrefixListEntries',
  ]);
});
