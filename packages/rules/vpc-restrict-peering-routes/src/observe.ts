import {
  EC2Client,
  type Route as Ec2Route,
  type RouteTable,
  type VpcPeeringConnection,
} from '@aws-sdk/client-ec2';
import { canonical, type Rule } from '@compliance/core/rule';
import { readPrefixList, sharedPrefixList } from '@compliance/security-group-ingress';
import {
  describeRouteTable,
  peerCidrs,
  readConnections,
  routeTableResource,
  sharedRouteTables,
} from '@compliance/vpc-network';
import * as z from 'zod';

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
    const table = await describeRouteTable(resourceId, session);
    if (!table) return undefined;
    const connections = await readConnections(session, peeringsOf(table));
    const client = session.client(EC2Client);
    const facts = await factsOf(table, connections, (id) => readPrefixList(id, client));
    return { facts, handles: { destinations: (table.Routes ?? []).map(destinationOf).toSorted() } };
  },

  list: async function* ({ session }) {
    const connections = await readConnections(session);
    for (const table of await sharedRouteTables(session)) {
      const resource = routeTableResource(table);
      try {
        yield { resource, facts: await factsOf(table, connections, (id) => sharedPrefixList(id, session)) };
      } catch {
        // A prefix list that fails for a moment must not end the listing: `get` tries again for its tables.
        yield { resource };
      }
    }
  },
};

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

/** Decides only on a table without a route to a peering connection. */
const ItemConfiguration = z.object({
  ownerId: z.string(),
  routes: z.array(z.object({ vpcPeeringConnectionId: z.null().optional() })),
});
