import {
  EC2Client,
  paginateDescribeVpcEndpoints,
  type Filter,
  type RouteTable,
  type Subnet,
  type Vpc,
  type VpcEndpoint,
} from '@aws-sdk/client-ec2';
import { canonical, type Rule, type Session } from '@compliance/core/rule';
import {
  describeVpc,
  routeTablesWith,
  sharedRouteTables,
  sharedSubnets,
  sharedVpcs,
  subnetsWith,
  vpcResource,
} from '@compliance/vpc-network';
import * as z from 'zod';

/** An endpoint that traffic can use. */
const Endpoint = z.object({
  /** `com.amazonaws.eu-west-1.s3` */
  service: z.string(),
  gateway: z.boolean(),
  /** The route tables that lead to a gateway endpoint. */
  routeTables: z.array(z.string()),
});

export const Facts = z.object({
  ownerId: z.string(),
  isDefault: z.boolean(),
  tagKeys: z.array(z.string()),
  /** Those by which the subnets of the VPC route: their own, else the main one. */
  routeTables: z.array(z.string()),
  endpoints: z.array(Endpoint),
});
export type Facts = z.infer<typeof Facts>;

/** Service → the id of its gateway endpoint. */
export const Handles = z.object({ gateways: z.record(z.string(), z.string()) });
export type Handles = z.infer<typeof Handles>;

// A VPC's item has neither its endpoints nor its subnets, so a change is evaluated with `get`.
export const observe: Rule<Facts, unknown, Handles>['observe'] = {
  get: async ({ resourceId }, { session }) => {
    const vpc = await describeVpc(resourceId, session);
    const filters = [{ Name: 'vpc-id', Values: [resourceId] }];
    return vpc && observationOf(vpc, await readNetwork(session, filters));
  },
  list: async function* ({ session }) {
    const network = await readNetwork(session);
    for (const vpc of await sharedVpcs(session))
      yield { resource: vpcResource(vpc), ...observationOf(vpc, network) };
  },
};

interface Network {
  readonly endpoints: readonly VpcEndpoint[];
  readonly routeTables: readonly RouteTable[];
  readonly subnets: readonly Subnet[];
}

/** Reads what is in all VPCs of the Region, or in those of the filter, with one call for each type. */
const readNetwork = async (session: Session, Filters?: Filter[]): Promise<Network> => {
  const client = session.client(EC2Client);
  const input = Filters ? { Filters } : {};
  const [endpoints, routeTables, subnets] = await Promise.all([
    Array.fromAsync(paginateDescribeVpcEndpoints({ client, pageSize: 1000 }, input)),
    Filters ? routeTablesWith(Filters, session) : sharedRouteTables(session),
    Filters ? subnetsWith(Filters, session) : sharedSubnets(session),
  ]);
  return {
    endpoints: endpoints.flatMap(({ VpcEndpoints = [] }) => VpcEndpoints),
    routeTables,
    subnets,
  };
};

const observationOf = (vpc: Vpc, { endpoints, routeTables, subnets }: Network) => {
  const isOwn = ({ VpcId }: { readonly VpcId?: string | undefined }) => VpcId === vpc.VpcId;
  // The API writes the state in lower case, its documentation does not.
  const available = endpoints.filter((one) => isOwn(one) && one.State?.toLowerCase() === 'available');
  return {
    facts: {
      ownerId: vpc.OwnerId ?? '',
      isDefault: vpc.IsDefault === true,
      tagKeys: (vpc.Tags ?? []).map(({ Key = '' }) => Key).toSorted(),
      routeTables: usedRouteTables(subnets.filter(isOwn), routeTables.filter(isOwn)),
      endpoints: available
        .map(({ ServiceName = '', VpcEndpointType, RouteTableIds = [] }) => ({
          service: ServiceName,
          gateway: VpcEndpointType === 'Gateway',
          routeTables: RouteTableIds.toSorted(),
        }))
        .toSorted((a, b) => (canonical(a) < canonical(b) ? -1 : 1)),
    },
    handles: {
      gateways: Object.fromEntries(
        available
          .filter(({ VpcEndpointType }) => VpcEndpointType === 'Gateway')
          .map(({ ServiceName = '', VpcEndpointId = '' }) => [ServiceName, VpcEndpointId]),
      ),
    },
  };
};

const usedRouteTables = (subnets: readonly Subnet[], routeTables: readonly RouteTable[]): string[] => {
  const associations = routeTables.flatMap(({ Associations = [] }) => Associations);
  const main = associations.find(({ Main }) => Main)?.RouteTableId;
  const used = subnets.map(
    ({ SubnetId }) => associations.find((one) => one.SubnetId === SubnetId)?.RouteTableId ?? main,
  );
  return [...new Set(used.filter((id) => id !== undefined))].toSorted();
};
