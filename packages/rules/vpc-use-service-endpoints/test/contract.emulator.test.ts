import {
  AssociateRouteTableCommand,
  CreateRouteTableCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  CreateVpcEndpointCommand,
  DescribeRouteTablesCommand,
  DescribeVpcEndpointsCommand,
  DescribeVpcsCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

interface Seeded {
  /** The services with a gateway endpoint in the main route table. */
  readonly gateways?: readonly string[];
  readonly interfaces?: readonly string[];
  /** A second subnet has a route table of its own. */
  readonly second?: boolean;
  readonly subnet?: boolean;
}

const vpc =
  ({ gateways = [], interfaces = [], second = false, subnet = true }: Seeded) =>
  async (admin: Session): Promise<Resource> => {
    const client = admin.client(EC2Client);
    const { Vpc } = await client.send(
      new CreateVpcCommand({
        CidrBlock: '10.0.0.0/16',
        TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'owner', Value: 'network' }] }],
      }),
    );
    const VpcId = Vpc?.VpcId ?? '';
    const { RouteTables: [main] = [] } = await client.send(
      new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId] }] }),
    );
    const subnetOf = async (CidrBlock: string) =>
      (await client.send(new CreateSubnetCommand({ VpcId, CidrBlock }))).Subnet?.SubnetId ?? '';
    const SubnetIds = subnet ? [await subnetOf('10.0.1.0/24')] : [];
    if (second) {
      const { RouteTable } = await client.send(new CreateRouteTableCommand({ VpcId }));
      const SubnetId = await subnetOf('10.0.2.0/24');
      await client.send(new AssociateRouteTableCommand({ RouteTableId: RouteTable?.RouteTableId, SubnetId }));
    }
    const serviceName = (name: string) => `com.amazonaws.${admin.region}.${name}`;
    for (const name of gateways)
      await client.send(
        new CreateVpcEndpointCommand({
          VpcId,
          ServiceName: serviceName(name),
          VpcEndpointType: 'Gateway',
          RouteTableIds: [main?.RouteTableId ?? ''],
        }),
      );
    for (const name of interfaces)
      await client.send(
        new CreateVpcEndpointCommand({
          VpcId,
          ServiceName: serviceName(name),
          VpcEndpointType: 'Interface',
          SubnetIds,
        }),
      );
    return { resourceType: 'AWS::EC2::VPC', resourceId: VpcId };
  };

const defaultVpc = async (admin: Session): Promise<Resource> => {
  const { Vpcs: [found] = [] } = await admin
    .client(EC2Client)
    .send(new DescribeVpcsCommand({ Filters: [{ Name: 'is-default', Values: ['true'] }] }));
  return { resourceType: 'AWS::EC2::VPC', resourceId: found?.VpcId ?? '' };
};

const item = async (resource: Resource, admin: Session) => {
  const { Vpcs: [found] = [] } = await admin
    .client(EC2Client)
    .send(new DescribeVpcsCommand({ VpcIds: [resource.resourceId] }));
  return itemOf(resource, admin, {
    arn: `arn:aws:ec2:${admin.region}:${admin.accountId}:vpc/${resource.resourceId}`,
    tags: found?.Tags,
    configuration: { vpcId: resource.resourceId },
  });
};

describeRuleContract(rule, {
  compliant: {
    'a VPC whose subnet reaches both services through gateways': vpc({ gateways: ['s3', 'dynamodb'] }),
  },
  nonCompliant: {
    'a VPC without endpoints': vpc({}),
    'a VPC whose gateway of S3 does not serve its second subnet': vpc({ gateways: ['s3'], second: true }),
  },
  notApplicable: {
    'a VPC without subnets': vpc({ subnet: false }),
    'the default VPC': defaultVpc,
  },
  item,
  /** Endpoints to other services. */
  untouched: async ({ resourceId }, admin) => {
    const { VpcEndpoints = [] } = await admin
      .client(EC2Client)
      .send(new DescribeVpcEndpointsCommand({ Filters: [{ Name: 'vpc-id', Values: [resourceId] }] }));
    return VpcEndpoints.filter(({ VpcEndpointType }) => VpcEndpointType !== 'Gateway');
  },
  gone: { resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-0123456789abcdef0' },
});

describeRuleContract(rule, {
  parameters: { services: ['s3', 'ssm'], inScopeVpcTag: 'owner' },
  compliant: {
    'a VPC with a gateway of S3 and an interface of SSM': vpc({ gateways: ['s3'], interfaces: ['ssm'] }),
  },
  nonCompliant: {},
  manual: { 'a VPC without an interface of SSM': vpc({ gateways: ['s3'] }) },
  settling: {
    'a VPC without endpoints of S3 and SSM': {
      seed: vpc({}),
      settle: ({ resourceId: VpcId }, admin) =>
        admin.client(EC2Client).send(
          new CreateVpcEndpointCommand({
            VpcId,
            ServiceName: `com.amazonaws.${admin.region}.ssm`,
            VpcEndpointType: 'Interface',
          }),
        ),
    },
  },
  item,
  unproven: {
    'ec2:ModifyVpcEndpoint': 'The contract above proves it.',
  },
});
