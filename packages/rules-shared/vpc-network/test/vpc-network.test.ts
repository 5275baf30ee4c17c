import {
  DescribeNetworkAclsCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcPeeringConnectionsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type DescribeVpcsCommandInput,
} from '@aws-sdk/client-ec2';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import {
  describeAcl,
  describeRouteTable,
  describeVpc,
  entriesOf,
  ItemAcl,
  peerCidrs,
  readConnections,
  sharedRouteTables,
  sharedSubnets,
  sharedVpcs,
  vpcResource,
} from '../src/index.ts';

const READS = [
  'ec2:DescribeVpcs',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSubnets',
  'ec2:DescribeNetworkAcls',
  'ec2:DescribeVpcPeeringConnections',
];

test('listings read all pages, once for all rules of a Region', async () => {
  const session = fakeSession({
    allow: READS,
    answers: [
      on(EC2Client, DescribeVpcsCommand, ({ NextToken }: DescribeVpcsCommandInput) =>
        NextToken === undefined
          ? { Vpcs: [{ VpcId: 'vpc-1' }], NextToken: 'next' }
          : { Vpcs: [{ VpcId: 'vpc-2' }] },
      ),
      on(EC2Client, DescribeRouteTablesCommand, () => ({ RouteTables: [{ RouteTableId: 'rtb-1' }] })),
      on(EC2Client, DescribeSubnetsCommand, () => ({ Subnets: [] })),
    ],
  });
  const [vpcs, again] = await Promise.all([sharedVpcs(session), sharedVpcs(session)]);
  expect(vpcs.map(({ VpcId }) => VpcId)).toEqual(['vpc-1', 'vpc-2']);
  expect(again).toBe(vpcs);
  await Promise.all([1, 2].flatMap(() => [sharedRouteTables(session), sharedSubnets(session)]));
  await sharedSubnets(session.at('eu-central-1'));
  expect(session.sent.map(({ operation }) => operation)).toEqual([
    'DescribeVpcs',
    'DescribeVpcs',
    'DescribeRouteTables',
    'DescribeSubnets',
    'DescribeSubnets',
  ]);
});

test.for([
  ['VPC', 'InvalidVpcID.NotFound', describeVpc],
  ['route table', 'InvalidRouteTableID.NotFound', describeRouteTable],
  ['network ACL', 'InvalidNetworkAclID.NotFound', describeAcl],
] as const)(
  'a %s that EC2 answers with %s is gone, and any other error is one',
  async ([, code, describeOne]) => {
    const failing = (error: string) => {
      const fail = () => {
        throw awsError(error);
      };
      return fakeSession({
        allow: READS,
        answers: [
          on(EC2Client, DescribeVpcsCommand, fail),
          on(EC2Client, DescribeRouteTablesCommand, fail),
          on(EC2Client, DescribeNetworkAclsCommand, fail),
        ],
      });
    };
    await expect(describeOne('id-1', failing(code))).resolves.toBeUndefined();
    await expect(describeOne('id-1', failing('UnauthorizedOperation'))).rejects.toThrow(
      'UnauthorizedOperation',
    );
  },
);

test('a resource has its tags, also one without a value', () => {
  expect(
    vpcResource({ VpcId: 'vpc-1', Tags: [{ Key: 'team', Value: 'a' }, { Key: 'empty' }, {}] }).tags,
  ).toEqual({ team: 'a', empty: '' });
  expect(vpcResource({ VpcId: 'vpc-1' }).tags).toEqual({});
});

describe('peering connections', () => {
  test('a table without a peer asks for no connection', async () => {
    const session = fakeSession({
      allow: READS,
      answers: [on(EC2Client, DescribeVpcPeeringConnectionsCommand, () => ({ VpcPeeringConnections: [] }))],
    });
    await expect(readConnections(session, [])).resolves.toEqual([]);
    expect(session.sent).toEqual([]);
    await readConnections(session);
    expect(session.sent).toHaveLength(1);
  });

  test('a connection that says nothing of its peer has no CIDRs', () => {
    expect(peerCidrs({ RequesterVpcInfo: { VpcId: 'vpc-1', CidrBlock: '10.0.0.0/16' } }, 'vpc-1')).toEqual(
      [],
    );
  });
});

describe('entries of a network ACL', () => {
  const into = { RuleAction: 'allow', RuleNumber: 100, CidrBlock: '0.0.0.0/0' } as const;

  test.for([
    ['-1', undefined, { protocol: 'all', fromPort: 0, toPort: 65_535 }],
    ['6', { From: 20, To: 25 }, { protocol: 'tcp', fromPort: 20, toPort: 25 }],
    ['17', { From: 3389, To: 3389 }, { protocol: 'udp', fromPort: 3389, toPort: 3389 }],
    ['1', undefined, { protocol: 'other' }],
    ['58', undefined, { protocol: 'other' }],
    ['41', undefined, { protocol: 'other' }],
  ] as const)('an entry of protocol %s with ports %j is read as %j', ([Protocol, PortRange, expected]) => {
    expect(entriesOf({ Entries: [{ ...into, Protocol, PortRange }] })).toMatchObject([expected]);
  });

  test('entries are in the order in which EC2 applies them, without those for traffic out and the last ones', () => {
    const Entries = [
      { ...into, Protocol: '6', RuleNumber: 200 },
      { ...into, Protocol: '6', RuleNumber: 100 },
      { ...into, Protocol: '6', Egress: true },
      { ...into, Protocol: '-1', RuleNumber: 32_767 },
      { ...into, Protocol: '-1', RuleNumber: 32_768 },
    ];
    expect(entriesOf({ Entries }).map(({ ruleNumber }) => ruleNumber)).toEqual([100, 200]);
    expect(entriesOf({})).toEqual([]);
  });

  test.for([
    ['without entries', { ownerId: '1', associations: [] }],
    ['with an entry without a CIDR', { ownerId: '1', associations: [], entries: [{ egress: false }] }],
    ['of a deleted ACL', null],
  ] as const)('an item %s does not decide', ([, configuration]) => {
    expect(ItemAcl.safeParse(configuration).success).toBe(false);
  });
});
