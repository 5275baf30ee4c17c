import {
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
  type DescribeSecurityGroupsCommandInput,
} from '@aws-sdk/client-ec2';
import { AccountId, parseConfigurationItem, type CallStep } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { Ingress, IngressRule } from '../src/ingress.ts';
import { ec2RestrictAdminPortsIpv4 as rule } from '../src/rule.ts';

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

const facts = (ingress: Ingress[], prefixLists: Record<string, string[]> = {}) => ({
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
  const fixOf = (rules: readonly IngressRule[], parameters: object = {}) => {
    const seen = facts(
      rules.map(({ protocol, fromPort, toPort, source }) => ({ protocol, fromPort, toPort, source })),
    );
    const fix = rule.fix?.({ ...context(parameters), resource, facts: seen, handles: { rules: [...rules] } });
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
        sgr('sgr-1', tcp(22, 22, '0.0.0.0/1')),
        sgr('sgr-2', tcp(22, 22, '128.0.0.0/1'), { description: 'old' }),
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
  const session = () =>
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
          throw awsError('InvalidPrefixListID.NotFound');
        }),
      ],
    });

  test('a prefix list that cannot be read leaves the other groups of a listing their facts', async () => {
    const listed = await Array.fromAsync(rule.observe.list({ session: session() }));
    expect(listed.map((found) => ('facts' in found ? found.facts : undefined))).toEqual([
      undefined,
      facts([]),
    ]);
  });

  test('a prefix list that cannot be read is a failure of its group, never a verdict', async () => {
    await expect(rule.observe.get(resource, { session: session() })).rejects.toThrow(
      'InvalidPrefixListID.NotFound',
    );
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
