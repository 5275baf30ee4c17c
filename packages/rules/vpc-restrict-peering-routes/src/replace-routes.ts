import { CreateRouteCommand, DeleteRouteCommand, EC2Client } from '@aws-sdk/client-ec2';
import {
  call,
  change,
  firstOf,
  undoCall,
  type CallStep,
  type Fix,
  type FixInput,
} from '@compliance/core/rule';
import { familyOf } from '@compliance/security-group-ingress';

import type { Facts, Handles, PeeringRoute } from './observe.ts';
import { describeUnknown, describeWide, wideRoutes } from './wide-routes.ts';

export interface Parameters {
  readonly allowedRoutes: Readonly<Record<string, readonly string[]>>;
}

/** Replaces the routes that alone are too wide by those that the settings allow to the same peer. */
export const replaceRoutes = (input: FixInput<Facts, Parameters, Handles>): Fix<Facts> => {
  const { resource, facts, handles, parameters } = input;
  const tableId = resource.resourceId;
  const wide = wideRoutes(facts.routes);
  const peerings = [...new Set(wide.map(({ peering }) => peering))];
  const unknown = peerings.filter((peering) => !(peering in parameters.allowedRoutes));
  if (unknown.length > 0)
    return {
      manual: `Set the parameter allowedRoutes for ${firstOf(unknown)} to the routes that stay. ${describeWide(wide)}`,
    };
  const unclear = describeUnknown(facts.routes);
  if (unclear !== undefined) return { manual: `Check what the routes of ${tableId} lead to: ${unclear}` };
  const deleted = [...new Set(wide.flatMap(({ routes }) => routes))];
  const created = peerings.flatMap((peering) => narrowRoutes(peering, input));
  const left = wideRoutes([...facts.routes.filter((route) => !deleted.includes(route)), ...created]);
  if (left.length > 0) return { manual: `Narrow the parameter allowedRoutes: ${describeWide(left)}` };
  return change<Facts>({
    description: `Replace the routes ${namesOf(deleted)} of ${tableId} by ${namesOf(created) || 'none'}`,
    risk: 'disruptive',
    steps: [
      // What exists stays as it is, whatever it leads to.
      ...created
        .filter(({ destination }) => !handles.destinations.includes(destination))
        // Created before the wide one is deleted, so that its users never lose the way.
        .map((route) => createRoute(tableId, route)),
      ...deleted.map((route) => deleteRoute(tableId, route)),
    ],
    inCode: {
      terraform: `aws_route, or route of aws_route_table: vpc_peering_connection_id only for ${namesOf(created) || 'no destination'}`,
      cloudFormation: `AWS::EC2::Route: VpcPeeringConnectionId only for ${namesOf(created) || 'no destination'}`,
    },
  });
};

const namesOf = (routes: readonly PeeringRoute[]): string =>
  firstOf(
    routes.map(({ destination, peering }) => `${destination} to ${peering}`),
    MANY,
    LONGEST_ROUTE,
  );

const MANY = 3;
/** The longest CIDR and the id of a peering connection. */
const LONGEST_ROUTE = 70;

const narrowRoutes = (
  peering: string,
  { facts, parameters }: FixInput<Facts, Parameters, Handles>,
): PeeringRoute[] => {
  const peerCidrs = facts.routes.find((route) => route.peering === peering)?.peerCidrs ?? [];
  return (parameters.allowedRoutes[peering] ?? []).map((destination) => ({
    destination,
    cidrs: [destination],
    peering,
    peerCidrs,
  }));
};

const createRoute = (tableId: string, route: PeeringRoute): CallStep =>
  call(EC2Client, CreateRouteCommand, creation(tableId, route), {
    alreadyDone: EXISTS,
    undo: undoCall(EC2Client, DeleteRouteCommand, routeOf(tableId, route), { alreadyDone: GONE }),
  });

const deleteRoute = (tableId: string, route: PeeringRoute): CallStep =>
  call(EC2Client, DeleteRouteCommand, routeOf(tableId, route), {
    alreadyDone: GONE,
    undo: undoCall(EC2Client, CreateRouteCommand, creation(tableId, route), { alreadyDone: EXISTS }),
  });

const GONE = ['InvalidRoute.NotFound', 'InvalidRouteTableID.NotFound'];
/** Of this run, or of somebody else to the same destination, which the verification then finds. */
const EXISTS = ['RouteAlreadyExists'];

const creation = (tableId: string, route: PeeringRoute) => ({
  ...routeOf(tableId, route),
  VpcPeeringConnectionId: route.peering,
});

const routeOf = (RouteTableId: string, { destination }: PeeringRoute) => ({
  RouteTableId,
  ...(destination.startsWith('pl-')
    ? { DestinationPrefixListId: destination }
    : familyOf(destination) === 'ipv6'
      ? { DestinationIpv6CidrBlock: destination }
      : { DestinationCidrBlock: destination }),
});
