import {
  CreateVpcEndpointCommand,
  DeleteVpcEndpointsCommand,
  EC2Client,
  ModifyVpcEndpointCommand,
  type UnsuccessfulItem,
} from '@aws-sdk/client-ec2';
import {
  call,
  change,
  firstOf,
  operation,
  undoCall,
  type CallStep,
  type Fix,
  type FixInput,
} from '@compliance/core/rule';

import { gapsOf, type Gap } from './gaps.ts';
import type { Facts, Handles } from './observe.ts';

export interface Parameters {
  readonly services: readonly string[];
}

/** The services with gateway endpoints, which cost nothing and need no security group. */
const GATEWAY_SERVICES: readonly string[] = ['s3', 'dynamodb'];

/** Serves all subnets by gateway endpoints; an endpoint of another type is for a person to design. */
export const fixGaps = (input: FixInput<Facts, Parameters, Handles>): Fix<Facts> => {
  const { resource, facts, handles, parameters, region } = input;
  const vpcId = resource.resourceId;
  const gaps = gapsOf(facts, parameters.services, region);
  const fixed = gaps.filter(({ name }) => GATEWAY_SERVICES.includes(name));
  const others = gaps.filter((gap) => !fixed.includes(gap)).map(({ name }) => name);
  const advice = `Create an interface endpoint of ${others.join(', ')} in ${vpcId}, in subnets and with a security group of your choice.`;
  if (fixed.length === 0) return { manual: advice };
  return change<Facts>({
    description: `Route ${fixed.map(({ name, routeTables }) => `${name} of ${firstOf(routeTables)}`).join(', and ')} in ${vpcId} to gateway endpoints`,
    risk: 'disruptive',
    steps: fixed.map((gap) => {
      const endpointId = gap.gateway === undefined ? undefined : handles.gateways[gap.gateway];
      return endpointId === undefined
        ? createGateway(vpcId, gap, `com.amazonaws.${region}.${gap.name}`)
        : extendGateway(endpointId, gap);
    }),
    ...(others.length > 0 && { effectiveAfter: { manual: advice } }),
    inCode: {
      terraform: `aws_vpc_endpoint: service_name of ${fixed.map(({ name }) => name).join(', ')}, route_table_ids with all route tables of the subnets`,
      cloudFormation: `AWS::EC2::VPCEndpoint: ServiceName of ${fixed.map(({ name }) => name).join(', ')}, RouteTableIds with all route tables of the subnets`,
    },
  });
};

const createGateway = (VpcId: string, { routeTables }: Gap, ServiceName: string): CallStep =>
  call(
    EC2Client,
    CreateVpcEndpointCommand,
    { VpcId, ServiceName, VpcEndpointType: 'Gateway', RouteTableIds: [...routeTables] },
    {
      undo: ({ VpcEndpoint }) =>
        undoCall(
          EC2Client,
          DeleteVpcEndpointsCommand,
          { VpcEndpointIds: [VpcEndpoint?.VpcEndpointId ?? ''] },
          { alreadyDone: GONE },
        ),
    },
  );

const extendGateway = (VpcEndpointId: string, { routeTables }: Gap): CallStep =>
  call(
    EC2Client,
    ModifyVpcEndpointCommand,
    { VpcEndpointId, AddRouteTableIds: [...routeTables] },
    {
      undo: undoCall(
        EC2Client,
        ModifyVpcEndpointCommand,
        { VpcEndpointId, RemoveRouteTableIds: [...routeTables] },
        { alreadyDone: GONE },
      ),
    },
  );

const GONE = ['InvalidVpcEndpointId.NotFound'];

/** Undoes a creation. EC2 may answer 200 and have deleted nothing. */
export const deleteEndpoints = operation(EC2Client, DeleteVpcEndpointsCommand, {
  refused: ({ Unsuccessful = [] }: { readonly Unsuccessful?: readonly UnsuccessfulItem[] | undefined }) =>
    Unsuccessful[0] && `${Unsuccessful[0].Error?.Code}: ${Unsuccessful[0].Error?.Message}`,
});
