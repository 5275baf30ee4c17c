import {
  DescribeRouteTablesCommand,
  EC2Client,
  paginateDescribeRouteTables,
  paginateDescribeVpcPeeringConnections,
  type DescribeVpcPeeringConnectionsCommandInput,
  type Route as Ec2Route,
  type RouteTable,
  type VpcPeeringConnection,
} from '@aws-sdk/client-ec2';
import { canonical, hasCode, type Rule } from '@compliance/core/rule';
import { readPrefixList, sharedPrefixList } from '@compliance/security-group-ingress';
import * as z from 'zod';

export const ROUTE_TABLE = 'AWS::EC2::RouteTable';

/** A route to an active peering connection. */
export const PeeringRoute = z.object({
  /** A CIDR, or the id of a prefix list. */
  destination: z.string(),
  /** The destination, with the entries of a prefix list; or the code with which EC2 refuses to read them. */
  cidrs: z.union([z.array(z.string()), z.object({ unreadable: z.string() })]),
  peering: z.string(),
  /** All CIDRs of the VPC on the other side. */
  peerCidrs: z.array(z.string()),
});
export type PeeringRoute = z.infer<typeof PeeringRoute>;

export const Facts = z.object({ ownerId: z.string(), routes: z.array(PeeringRoute) });
export type Facts = z.infer<typeof Facts>;

/** The destinations of all routes of the table. */
export const Handles = z.object({ destinations: z.array(z.string()) });
export type Handles = z.infer<typeof Handles>;

export const observe: Rule<Facts, unknown, Handles>['observe'] = {
  // An item shows the routes to a peering connection, and not the CIDRs of the VPC behind it.
  item: ({ configuration }) => {
    const parsed = ItemConfiguration.safeParse(configuration);
    return parsed.success ? { facts: { ownerId: parsed.data.ownerId, routes: [] } } : undefined;
  },

  get: async ({ resourceId }, { session }) => {
    const client = session.client(EC2Client);
    const table = await describeTable(resourceId, client);
    if (!table) return undefined;
    const ids = peeringsOf(table);
    const connections =
      ids.length === 0
        ? []
        : await readConnections(client, {
            Filters: [{ Name: 'vpc-peering-connection-id', Values: ids }],
          });
    const facts = await factsOf(table, connections, (id) => readPrefixList(id, client));
    return { facts, handles: { destinations: (table.Routes ?? []).map(destinationOf).toSorted() } };
  },

  list: async function* ({ session }) {
    const client = session.client(EC2Client);
    const connections = await readConnections(client, {});
    for await (const { RouteTables = [] } of paginateDescribeRouteTables({ client, pageSize: 100 }, {}))
      for (const table of RouteTables) {
        const resource = resourceOf(table);
        try {
          const facts = await factsOf(table, connections, (id) => sharedPrefixList(id, session));
          yield { resource, facts };
        } catch {
          // A prefix list that fails for a moment must not end the listing: `get` tries again for its tables.
          yield { resource };
        }
      }
  },
};

const describeTable = async (routeTableId: string, client: EC2Client): Promise<RouteTable | undefined> => {
  try {
    const command = new DescribeRouteTablesCommand({ RouteTableIds: [routeTableId] });
    return (await client.send(command)).RouteTables?.[0];
  } catch (error) {
    if (hasCode(error, 'InvalidRouteTableID.NotFound')) return undefined;
    throw error;
  }
};

const readConnections = async (
  client: EC2Client,
  input: DescribeVpcPeeringConnectionsCommandInput,
): Promise<VpcPeeringConnection[]> => {
  const pages = await Array.fromAsync(paginateDescribeVpcPeeringConnections({ client }, input));
  return pages.flatMap(({ VpcPeeringConnections = [] }) => VpcPeeringConnections);
};

const resourceOf = ({ RouteTableId = '', Tags = [] }: RouteTable) => ({
  resourceType: ROUTE_TABLE,
  resourceId: RouteTableId,
  tags: Object.fromEntries(Tags.map(({ Key = '', Value = '' }) => [Key, Value])),
});

const factsOf = async (
  { OwnerId = '', VpcId, Routes = [] }: RouteTable,
  connections: readonly VpcPeeringConnection[],
  entriesOf: (prefixListId: string) => Promise<PeeringRoute['cidrs'] | undefined>,
): Promise<Facts> => {
  const routes = await Promise.all(
    Routes.flatMap((route) => {
      const connection = connections.find(
        ({ VpcPeeringConnectionId: id, Status }) =>
          id !== undefined && id === route.VpcPeeringConnectionId && Status?.Code === 'active',
      );
      return connection ? [{ route, connection }] : [];
    }).map(async ({ route, connection }): Promise<PeeringRoute> => {
      const destination = destinationOf(route);
      return {
        destination,
        cidrs: destination.startsWith('pl-') ? ((await entriesOf(destination)) ?? []) : [destination],
        peering: connection.VpcPeeringConnectionId ?? '',
        peerCidrs: peerCidrs(connection, VpcId),
      };
    }),
  );
  return { ownerId: OwnerId, routes: routes.toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1)) };
};

const peeringsOf = ({ Routes = [] }: RouteTable): string[] => [
  ...new Set(Routes.flatMap(({ VpcPeeringConnectionId }) => VpcPeeringConnectionId ?? [])),
];

const destinationOf = (route: Ec2Route): string =>
  route.DestinationCidrBlock ?? route.DestinationIpv6CidrBlock ?? route.DestinationPrefixListId ?? '';

const peerCidrs = (
  { RequesterVpcInfo, AccepterVpcInfo }: VpcPeeringConnection,
  vpcId: string | undefined,
): string[] => {
  const {
    CidrBlock,
    CidrBlockSet = [],
    Ipv6CidrBlockSet = [],
  } = (RequesterVpcInfo?.VpcId === vpcId ? AccepterVpcInfo : RequesterVpcInfo) ?? {};
  const all = [
    CidrBlock,
    ...CidrBlockSet.map((block) => block.CidrBlock),
    ...Ipv6CidrBlockSet.map((block) => block.Ipv6CidrBlock),
  ];
  return [...new Set(all.filter((cidr) => cidr !== undefined))].toSorted();
};

/** Decides only on a table without a route to a peering connection. */
const ItemConfiguration = z.object({
  ownerId: z.string(),
  routes: z.array(z.object({ vpcPeeringConnectionId: z.null().optional() })),
});
