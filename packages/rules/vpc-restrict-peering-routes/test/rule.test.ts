import {
  DescribeRouteTablesCommand,
  DescribeVpcPeeringConnectionsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { AccountId, parseConfigurationItem, type CallStep } from '@compliance/core';
import { fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { PeeringRoute } from '../src/observe.ts';
import { rule } from '../src/rule.ts';

const accountId = AccountId.parse('111122223333');
const resource = { resourceType: 'AWS::EC2::RouteTable', resourceId: 'rtb-1' };
const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20'),
});

const route = (destination: string, more: Partial<PeeringRoute> = {}): PeeringRoute => ({
  destination,
  cidrs: [destination],
  peering: 'pcx-1',
  peerCidrs: ['10.1.0.0/16', '2600:1f00::/56'],
  ...more,
});
const facts = (...routes: readonly PeeringRoute[]) => ({ ownerId: accountId, routes: [...routes] });

describe('judge', () => {
  test.for([
    [
      'the CIDR of the peer',
      [route('10.1.0.0/16')],
      'The route 10.1.0.0/16 to pcx-1 leads to all of 10.1.0.0/16.',
    ],
    ['a larger CIDR', [route('10.0.0.0/8')], 'The route 10.0.0.0/8 to pcx-1 leads to all of 10.1.0.0/16.'],
    ['everything', [route('0.0.0.0/0')], 'The route 0.0.0.0/0 to pcx-1 leads to all of 10.1.0.0/16.'],
    [
      'the IPv6 CIDR of the peer',
      [route('2600:1f00::/56')],
      'The route 2600:1f00::/56 to pcx-1 leads to all of 2600:1f00::/56.',
    ],
    [
      'the CIDR of the peer in pieces',
      [route('10.1.0.0/17'), route('10.1.128.0/17')],
      'The routes 10.1.0.0/17, 10.1.128.0/17 to pcx-1 lead to all of 10.1.0.0/16.',
    ],
    [
      'a second CIDR of the peer',
      [route('10.9.0.0/16', { peerCidrs: ['10.1.0.0/16', '10.9.0.0/16'] })],
      'The route 10.9.0.0/16 to pcx-1 leads to all of 10.9.0.0/16.',
    ],
    [
      'a prefix list that cannot be read',
      [route('pl-1', { cidrs: { unreadable: 'UnauthorizedOperation' } })],
      'Not proven: prefix list pl-1 cannot be read: UnauthorizedOperation.',
    ],
    [
      'a peer whose CIDRs EC2 does not say',
      [route('0.0.0.0/0', { peerCidrs: [] })],
      'Not proven: EC2 does not say which CIDRs are behind pcx-1, to which 0.0.0.0/0 leads.',
    ],
  ] as const)('a table with a route to %s is NON_COMPLIANT', ([, routes, annotation]) => {
    expect(rule.judge(facts(...routes), context())).toEqual({ complianceType: 'NON_COMPLIANT', annotation });
  });

  test('pieces to different peers are not added up', () => {
    const routes = [route('10.1.0.0/17'), route('10.1.128.0/17', { peering: 'pcx-2' })];
    expect(rule.judge(facts(...routes), context())).toEqual({ complianceType: 'COMPLIANT' });
  });

  test('a table that another account shares is NOT_APPLICABLE', () => {
    expect(rule.judge({ ...facts(), ownerId: '444455556666' }, context())).toMatchObject({
      complianceType: 'NOT_APPLICABLE',
    });
  });
});

describe('observe', () => {
  const itemWith = (routes: readonly object[]) =>
    rule.observe.item?.(
      parseConfigurationItem({
        awsAccountId: accountId,
        awsRegion: 'eu-west-1',
        ...resource,
        configurationItemStatus: 'OK',
        configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
        configuration: { ownerId: accountId, routes },
      }),
    )?.facts;

  test('an item without a route to a peer decides without a call, also one with a NAT gateway for everything', () => {
    expect(itemWith([{ destinationCidrBlock: '0.0.0.0/0', natGatewayId: 'nat-1' }])).toEqual(facts());
    expect(
      itemWith([{ destinationCidrBlock: '10.1.0.0/16', vpcPeeringConnectionId: 'pcx-1' }]),
    ).toBeUndefined();
  });

  test('the peer is the other side of a connection, whichever side asked for it, with all its CIDRs', async () => {
    const session = fakeSession({
      allow: rule.permissions.list,
      answers: [
        on(EC2Client, DescribeRouteTablesCommand, () => ({
          RouteTables: [
            {
              RouteTableId: 'rtb-1',
              OwnerId: accountId,
              VpcId: 'vpc-accepter',
              Routes: [{ DestinationCidrBlock: '10.2.0.0/16', VpcPeeringConnectionId: 'pcx-1' }],
            },
          ],
        })),
        on(EC2Client, DescribeVpcPeeringConnectionsCommand, () => ({
          VpcPeeringConnections: [
            {
              VpcPeeringConnectionId: 'pcx-1',
              Status: { Code: 'active' as const },
              RequesterVpcInfo: {
                VpcId: 'vpc-requester',
                CidrBlock: '10.1.0.0/16',
                CidrBlockSet: [{ CidrBlock: '10.1.0.0/16' }, { CidrBlock: '10.2.0.0/16' }],
                Ipv6CidrBlockSet: [{ Ipv6CidrBlock: '2600:1f00::/56' }],
              },
              AccepterVpcInfo: { VpcId: 'vpc-accepter', CidrBlock: '10.0.0.0/16' },
            },
          ],
        })),
      ],
    });
    const [listed] = await Array.fromAsync(rule.observe.list({ session }));
    expect(listed).toMatchObject({
      facts: { routes: [{ peerCidrs: ['10.1.0.0/16', '10.2.0.0/16', '2600:1f00::/56'] }] },
    });
  });
});

describe('fix', () => {
  const fixOf = (
    routes: readonly PeeringRoute[],
    allowedRoutes: Record<string, readonly string[]>,
    destinations: readonly string[] = [],
  ) =>
    rule.fix?.({
      ...context({ allowedRoutes }),
      resource,
      facts: facts(...routes),
      handles: { destinations: [...destinations] },
    });

  test('a fix creates the narrow routes before it deletes the wide one, and leaves those that exist', () => {
    const fix = fixOf([route('10.0.0.0/8')], { 'pcx-1': ['10.1.5.0/24', '10.1.6.0/24', '2600:1f00::/64'] }, [
      '10.0.0.0/8',
      '10.1.6.0/24',
    ]);
    if (!fix || 'manual' in fix) throw new Error('Expected a change.');
    const table = { RouteTableId: 'rtb-1' };
    expect(fix.steps.map((step) => (step as CallStep).input)).toEqual([
      { ...table, DestinationCidrBlock: '10.1.5.0/24', VpcPeeringConnectionId: 'pcx-1' },
      { ...table, DestinationIpv6CidrBlock: '2600:1f00::/64', VpcPeeringConnectionId: 'pcx-1' },
      { ...table, DestinationCidrBlock: '10.0.0.0/8' },
    ]);
  });

  test.for([
    ['allow no route to the peer', {}, 'Set the parameter allowedRoutes for pcx-1'],
    [
      'allow a route to all of the peer again',
      { 'pcx-1': ['10.1.0.0/16'] },
      'Narrow the parameter allowedRoutes',
    ],
  ] as const)('a fix is left to a person where the settings %s', ([, allowedRoutes, manual]) => {
    expect(fixOf([route('10.0.0.0/8')], allowedRoutes)).toEqual({ manual: expect.stringContaining(manual) });
  });
});
