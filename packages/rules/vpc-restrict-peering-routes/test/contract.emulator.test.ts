import {
  AcceptVpcPeeringConnectionCommand,
  CreateManagedPrefixListCommand,
  CreateRouteCommand,
  CreateRouteTableCommand,
  CreateVpcCommand,
  CreateVpcPeeringConnectionCommand,
  DescribeRouteTablesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

/** Filled in by the seeds, because EC2 chooses the ids of peering connections. */
const allowedRoutes: Record<string, readonly string[]> = {};

interface Seeded {
  /** `pl`: a prefix list of all of the peer. */
  readonly destinations: readonly string[];
  readonly allowed?: readonly string[];
  readonly accepted?: boolean;
}

/** A route table with these routes to a VPC of 10.1.0.0/16. */
const table =
  ({ destinations, allowed, accepted = true }: Seeded) =>
  async (admin: Session): Promise<Resource> => {
    const client = admin.client(EC2Client);
    const vpc = async (CidrBlock: string) =>
      (await client.send(new CreateVpcCommand({ CidrBlock }))).Vpc?.VpcId ?? '';
    const VpcId = await vpc('10.0.0.0/16');
    const { VpcPeeringConnection } = await client.send(
      new CreateVpcPeeringConnectionCommand({ VpcId, PeerVpcId: await vpc('10.1.0.0/16') }),
    );
    const VpcPeeringConnectionId = VpcPeeringConnection?.VpcPeeringConnectionId ?? '';
    if (accepted) await client.send(new AcceptVpcPeeringConnectionCommand({ VpcPeeringConnectionId }));
    if (allowed) allowedRoutes[VpcPeeringConnectionId] = allowed;
    const { RouteTable } = await client.send(
      new CreateRouteTableCommand({
        VpcId,
        TagSpecifications: [{ ResourceType: 'route-table', Tags: [{ Key: 'owner', Value: 'network' }] }],
      }),
    );
    const RouteTableId = RouteTable?.RouteTableId ?? '';
    for (const destination of destinations) {
      const to =
        destination === 'pl'
          ? { DestinationPrefixListId: await prefixList(client) }
          : { DestinationCidrBlock: destination };
      await client.send(new CreateRouteCommand({ RouteTableId, VpcPeeringConnectionId, ...to }));
    }
    return { resourceType: 'AWS::EC2::RouteTable', resourceId: RouteTableId };
  };

const prefixList = async (client: EC2Client) => {
  const { PrefixList } = await client.send(
    new CreateManagedPrefixListCommand({
      PrefixListName: 'contract',
      AddressFamily: 'IPv4',
      MaxEntries: 2,
      Entries: [{ Cidr: '10.1.0.0/17' }, { Cidr: '10.1.128.0/17' }],
    }),
  );
  return PrefixList?.PrefixListId;
};

const routesOf = async ({ resourceId }: Resource, admin: Session) => {
  const { RouteTables: [found] = [] } = await admin
    .client(EC2Client)
    .send(new DescribeRouteTablesCommand({ RouteTableIds: [resourceId] }));
  return found;
};

const item = async (resource: Resource, admin: Session) => {
  const found = await routesOf(resource, admin);
  return itemOf(resource, admin, {
    arn: `arn:aws:ec2:${admin.region}:${admin.accountId}:route-table/${resource.resourceId}`,
    tags: found?.Tags,
    configuration: {
      ownerId: found?.OwnerId,
      routes: (found?.Routes ?? []).map((route) => ({
        destinationCidrBlock: route.DestinationCidrBlock,
        vpcPeeringConnectionId: route.VpcPeeringConnectionId ?? null,
      })),
    },
  });
};

describeRuleContract(rule, {
  parameters: { allowedRoutes },
  compliant: {
    'a table with a route to a part of the peer': table({ destinations: ['10.1.5.0/24'] }),
    'a table with a route to a connection that nobody accepted': table({
      destinations: ['10.1.0.0/16'],
      accepted: false,
    }),
  },
  nonCompliant: {
    'a table with routes to all of the peer and to a part of it': table({
      destinations: ['10.1.0.0/16', '10.1.5.0/24'],
      allowed: ['10.1.5.0/24', '10.1.6.0/24'],
    }),
    'a table with a route to more than the peer': table({ destinations: ['10.0.0.0/8'], allowed: [] }),
    'a table with a route to a prefix list of the peer': table({
      destinations: ['pl'],
      allowed: ['10.1.5.0/24'],
    }),
  },
  manual: {
    'a table with a wide route for which the settings allow no other': table({
      destinations: ['10.1.0.0/16'],
    }),
  },
  item,
  /** The route in the VPC itself. */
  untouched: async (resource, admin) =>
    (await routesOf(resource, admin))?.Routes?.filter(({ GatewayId }) => GatewayId === 'local'),
  gone: { resourceType: 'AWS::EC2::RouteTable', resourceId: 'rtb-0123456789abcdef0' },
});
