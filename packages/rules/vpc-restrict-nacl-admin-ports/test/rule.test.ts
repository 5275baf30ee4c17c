import { AccountId, parseConfigurationItem, type CallStep } from '@compliance/core';
import { describe, expect, test } from 'vitest';

import type { Entry } from '@compliance/vpc-network';
import { rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::EC2::NetworkAcl', resourceId: 'acl-1' };
const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
});

const entry = (ruleNumber: number, cidr: string, more: Partial<Entry> = {}): Entry => ({
  ruleNumber,
  action: 'allow',
  protocol: 'tcp',
  fromPort: 22,
  toPort: 22,
  cidr,
  ...more,
});
const deny = { action: 'deny' } as const;
const all = { protocol: 'all', fromPort: 0, toPort: 65_535 } as const;
const facts = (...entries: readonly Entry[]) => ({
  ownerId: accountId,
  associated: true,
  entries: [...entries],
});

describe('judge', () => {
  test.for([
    [
      'all traffic of a default ACL',
      [entry(100, '0.0.0.0/0', all), entry(101, '::/0', all)],
      'All of IPv4 and all of IPv6 can reach tcp 22, tcp 3389, udp 22 and 1 more, through rule 100 (all traffic from 0.0.0.0/0), rule 101 (all traffic from ::/0).',
    ],
    [
      'halves of the address space',
      [entry(100, '0.0.0.0/1'), entry(110, '128.0.0.0/1')],
      'All of IPv4 can reach tcp 22, through rule 100 (tcp 22 from 0.0.0.0/1), rule 110 (tcp 22 from 128.0.0.0/1).',
    ],
    [
      'everyone but a denied office',
      [entry(90, '9.0.0.0/8', deny), entry(100, '0.0.0.0/0')],
      '99% of IPv4 can reach tcp 22, through rule 100 (tcp 22 from 0.0.0.0/0).',
    ],
    [
      'everyone before a deny that comes too late',
      [entry(100, '0.0.0.0/0'), entry(110, '0.0.0.0/0', deny)],
      'All of IPv4 can reach tcp 22, through rule 100 (tcp 22 from 0.0.0.0/0).',
    ],
    [
      'RDP over UDP in a range of ports',
      [entry(100, '0.0.0.0/0', { protocol: 'udp', fromPort: 3000, toPort: 4000 })],
      'All of IPv4 can reach udp 3389, through rule 100 (udp 3000-4000 from 0.0.0.0/0).',
    ],
  ] as const)('an ACL that allows %s is NON_COMPLIANT', ([, entries, annotation]) => {
    expect(rule.judge(facts(...entries), context())).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });

  test.for([
    ['nothing', []],
    ['everyone after a deny', [entry(90, '0.0.0.0/0', deny), entry(100, '0.0.0.0/0')]],
    [
      'halves after denied halves',
      [
        entry(80, '128.0.0.0/1', { ...all, ...deny }),
        entry(90, '0.0.0.0/1', { ...all, ...deny }),
        entry(100, '0.0.0.0/0', all),
      ],
    ],
    [
      'protocols without ports',
      [entry(100, '0.0.0.0/0', { protocol: 'other', fromPort: 0, toPort: 65_535 })],
    ],
    ['private addresses', [entry(100, '10.0.0.0/8'), entry(110, 'fc00::/7')]],
  ] as const)('an ACL that allows %s is COMPLIANT', ([, entries]) => {
    expect(rule.judge(facts(...entries), context())).toEqual({ complianceType: 'COMPLIANT' });
  });

  test('an ACL that no subnet has is judged unless the settings leave it out', () => {
    const unused = { ...facts(entry(100, '0.0.0.0/0')), associated: false };
    expect(rule.judge(unused, context())).toMatchObject({ complianceType: 'NON_COMPLIANT' });
    expect(rule.judge(unused, context({ ignoreUnassociated: true }))).toMatchObject({
      complianceType: 'NOT_APPLICABLE',
    });
  });

  test('an ACL that another account shares is NOT_APPLICABLE', () => {
    expect(rule.judge({ ...facts(), ownerId: '444455556666' }, context())).toMatchObject({
      complianceType: 'NOT_APPLICABLE',
    });
  });
});

test('an item gives its entries into the subnets, without ports for ICMP and without the last ones', () => {
  const into = { egress: false, protocol: '6', ruleAction: 'allow', ruleNumber: 100 };
  const observed = rule.observe.item?.(
    parseConfigurationItem({
      awsAccountId: accountId,
      awsRegion: 'eu-west-1',
      ...resource,
      configurationItemStatus: 'OK',
      configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
      configuration: {
        ownerId: accountId,
        associations: [{ subnetId: 'subnet-1' }],
        entries: [
          { ...into, cidrBlock: null, ipv6CidrBlock: '::/0', portRange: { from: 22, to: 22 } },
          {
            ...into,
            ruleNumber: 90,
            protocol: '1',
            cidrBlock: '0.0.0.0/0',
            icmpTypeCode: { type: 8, code: -1 },
          },
          { ...into, ruleNumber: 32_767, ruleAction: 'deny', protocol: '-1', cidrBlock: '0.0.0.0/0' },
          { ...into, egress: true, cidrBlock: '0.0.0.0/0', portRange: { from: 22, to: 22 } },
        ],
      },
    }),
  );
  expect(observed?.facts).toEqual(
    facts(entry(90, '0.0.0.0/0', { protocol: 'other', fromPort: 0, toPort: 65_535 }), entry(100, '::/0')),
  );
});

describe('fix', () => {
  const fixOf = (entries: readonly Entry[], parameters: object = {}) =>
    rule.fix?.({
      ...context(parameters),
      resource,
      facts: facts(...entries),
      handles: { subnets: ['subnet-1', 'subnet-2'] },
    });
  const stepsOf = (...input: Parameters<typeof fixOf>) => {
    const fix = fixOf(...input);
    if (!fix || 'manual' in fix) throw new Error('Expected a change.');
    return (fix.steps as readonly CallStep[]).map(({ operation, input: sent }) => [operation.name, sent]);
  };
  const denial = { NetworkAclId: 'acl-1', Egress: false, RuleAction: 'deny', CidrBlock: '0.0.0.0/0' };

  test('a fix denies each port with the highest free number before the entry that opens it', () => {
    const icmp = entry(98, '0.0.0.0/0', { protocol: 'other' });
    expect(stepsOf([icmp, entry(100, '0.0.0.0/0', all)], { ports: [22] })).toEqual([
      [
        'CreateNetworkAclEntry',
        { ...denial, RuleNumber: 99, Protocol: '6', PortRange: { From: 22, To: 22 } },
      ],
      [
        'CreateNetworkAclEntry',
        { ...denial, RuleNumber: 97, Protocol: '17', PortRange: { From: 22, To: 22 } },
      ],
    ]);
    expect(fixOf([entry(100, '0.0.0.0/0')])).toMatchObject({
      risk: 'disruptive',
      description: 'Deny tcp 22 in acl-1 (of subnet-1, subnet-2) to all that no earlier entry allows',
    });
  });

  test('a fix without a free number after an office is left to a person, so that the office keeps its way in', () => {
    expect(fixOf([entry(99, '8.8.8.0/24'), entry(100, '0.0.0.0/0')])).toEqual({
      manual:
        'Renumber the entries of acl-1: no number is free between 99 and 100 for an entry that denies tcp 22.',
    });
    expect(fixOf([entry(1, '0.0.0.0/0')])).toMatchObject({
      manual: expect.stringContaining('between 0 and 1'),
    });
  });

  test('in mode removeAllow, a fix deletes all entries that open a port, and no other', () => {
    const entries = [
      entry(90, '8.8.8.0/24'),
      entry(100, '0.0.0.0/0'),
      entry(110, '0.0.0.0/0', all),
      entry(120, '0.0.0.0/0', { fromPort: 443, toPort: 443 }),
    ];
    const deleted = (RuleNumber: number) => [
      'DeleteNetworkAclEntry',
      { NetworkAclId: 'acl-1', RuleNumber, Egress: false },
    ];
    expect(stepsOf(entries, { fixMode: 'removeAllow' })).toEqual([deleted(100), deleted(110)]);
  });
});
