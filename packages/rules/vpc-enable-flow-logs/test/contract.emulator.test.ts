import { CloudWatchLogsClient, CreateLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  CreateFlowLogsCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeFlowLogsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type CreateFlowLogsCommandInput,
} from '@aws-sdk/client-ec2';
import { CreateBucketCommand, S3Client, type BucketLocationConstraint } from '@aws-sdk/client-s3';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { vpcEnableFlowLogs } from '../src/rule.ts';

const GROUP = '/vpc/rejected';
const ROLE = 'arn:{partition}:iam::{accountId}:role/flow-logs';

type FlowLog = Pick<CreateFlowLogsCommandInput, 'TrafficType'> & { readonly to?: string };

/** A VPC with flow logs of its own, each to an existing bucket. */
const vpc =
  (...flowLogs: readonly FlowLog[]) =>
  async (admin: Session): Promise<Resource> => {
    const resource = await emptyVpc(admin);
    for (const { TrafficType, to = 'elsewhere' } of flowLogs)
      await admin.client(EC2Client).send(
        new CreateFlowLogsCommand({
          ResourceType: 'VPC',
          ResourceIds: [resource.resourceId],
          TrafficType,
          LogDestinationType: 's3',
          LogDestination: await bucket(to, admin),
        }),
      );
    await bucket('central', admin);
    return resource;
  };

const emptyVpc = async (admin: Session): Promise<Resource> => {
  const { Vpc } = await admin.client(EC2Client).send(
    new CreateVpcCommand({
      CidrBlock: '10.0.0.0/16',
      TagSpecifications: [{ ResourceType: 'vpc', Tags: [{ Key: 'owner', Value: 'network' }] }],
    }),
  );
  return { resourceType: 'AWS::EC2::VPC', resourceId: Vpc?.VpcId ?? '' };
};

const bucket = async (name: string, admin: Session): Promise<string> => {
  const Bucket = `${name}-${admin.accountId}-${admin.region}`;
  const LocationConstraint = admin.region as BucketLocationConstraint;
  await admin
    .client(S3Client)
    .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  return `arn:aws:s3:::${Bucket}`;
};

/** AWS Config records neither a name nor the flow logs of a VPC. */
const item = async (resource: Resource, admin: Session) => {
  const { resourceId } = resource;
  const { Vpcs: [found] = [] } = await admin
    .client(EC2Client)
    .send(new DescribeVpcsCommand({ VpcIds: [resourceId] }));
  return itemOf(resource, admin, {
    arn: `arn:aws:ec2:${admin.region}:${admin.accountId}:vpc/${resourceId}`,
    tags: found?.Tags,
    configuration: { vpcId: resourceId },
  });
};

/** A VPC of two subnets, of which the first ones have a flow log. */
const subnetsWithFlowLogs =
  (logged: 1 | 2) =>
  async (admin: Session): Promise<Resource> => {
    const resource = await vpc()(admin);
    const client = admin.client(EC2Client);
    const ids: string[] = [];
    for (const CidrBlock of ['10.0.1.0/24', '10.0.2.0/24']) {
      const { Subnet } = await client.send(
        new CreateSubnetCommand({ VpcId: resource.resourceId, CidrBlock }),
      );
      ids.push(Subnet?.SubnetId ?? '');
    }
    await client.send(
      new CreateFlowLogsCommand({
        ResourceType: 'Subnet',
        ResourceIds: ids.slice(0, logged),
        TrafficType: 'ALL',
        LogDestinationType: 's3',
        LogDestination: await bucket('elsewhere', admin),
      }),
    );
    return resource;
  };

const toLogGroup = async (group: string, { resourceId }: Resource, admin: Session) => {
  await admin.client(EC2Client).send(
    new CreateFlowLogsCommand({
      ResourceType: 'VPC',
      ResourceIds: [resourceId],
      TrafficType: 'REJECT',
      LogGroupName: group,
      DeliverLogsPermissionArn: `arn:aws:iam::${admin.accountId}:role/flow-logs`,
    }),
  );
};

const withLogGroup = async (admin: Session) => {
  await admin.client(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: GROUP }));
};

/** The flow logs that existed before: a fix replaces none of them. */
const flowLogsBefore = () => {
  const seen = new Map<string, readonly string[]>();
  return async ({ resourceId }: Resource, admin: Session) => {
    const { FlowLogs = [] } = await admin.client(EC2Client).send(new DescribeFlowLogsCommand({}));
    const known = seen.get(resourceId) ?? FlowLogs.map(({ FlowLogId = '' }) => FlowLogId);
    seen.set(resourceId, known);
    return FlowLogs.filter(({ FlowLogId = '' }) => known.includes(FlowLogId));
  };
};

const gone = { resourceType: 'AWS::EC2::VPC', resourceId: 'vpc-0123456789abcdef0' };

describeRuleContract(vpcEnableFlowLogs, {
  parameters: {
    logDestinationType: 's3',
    logDestination: 'arn:{partition}:s3:::central-{accountId}-{region}',
  },
  compliant: {
    'a VPC with one good flow log among others': vpc(
      { TrafficType: 'ACCEPT' },
      { TrafficType: 'REJECT', to: 'second' },
    ),
    'a VPC of which each subnet logs its traffic': subnetsWithFlowLogs(2),
  },
  nonCompliant: {
    'a VPC that logs accepted traffic only': vpc({ TrafficType: 'ACCEPT' }),
    'a VPC of which one subnet logs its traffic': subnetsWithFlowLogs(1),
  },
  item,
  untouched: flowLogsBefore(),
  gone,
});

describeRuleContract(vpcEnableFlowLogs, {
  parameters: { trafficType: 'ALL', logDestination: GROUP, deliverLogsPermissionArn: ROLE },
  compliant: {
    'a VPC that logs all traffic, though to a bucket': vpc({ TrafficType: 'ALL' }),
    'a VPC of which each subnet logs all traffic': subnetsWithFlowLogs(2),
  },
  nonCompliant: {
    'a VPC that logs rejected traffic where all is required': async (admin) => {
      await withLogGroup(admin);
      return vpc({ TrafficType: 'REJECT' })(admin);
    },
    'a VPC whose flow log does not deliver to another group': async (admin) => {
      await withLogGroup(admin);
      const resource = await emptyVpc(admin);
      await toLogGroup('/no/such/group', resource, admin);
      return resource;
    },
  },
  manual: {
    'a VPC whose flow log does not deliver to the group in the settings': async (admin) => {
      const resource = await emptyVpc(admin);
      await toLogGroup(GROUP, resource, admin);
      return resource;
    },
  },
  item,
  untouched: flowLogsBefore(),
  gone,
});
