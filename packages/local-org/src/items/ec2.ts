import {
  DescribeFlowLogsCommand,
  DescribeSecurityGroupsCommand,
  DescribeVpcsCommand,
  EC2Client,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import { partitionOf } from '@compliance/core';

import type { ResourceDescription } from '../base/configuration-item.ts';
import type { Place } from '../base/place.ts';
import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { camelCase, camelCaseMembers, tagList, tagMap } from './camel-case.ts';
import type { ReadContext, ResourceKind } from './resource-kind.ts';

export const ec2Client = ({ clients, place }: ReadContext): EC2Client => clients(EC2Client, place);

const arn = ({ accountId, region }: Place, kind: string, id: string): string =>
  `arn:${partitionOf(region)}:ec2:${region}:${accountId}:${kind}/${id}`;

/** The properties that all regional EC2 resources share. */
export const regional = ({ place }: ReadContext, kind: string, id: string, tags: Record<string, string>) =>
  ({
    resourceId: id,
    ARN: arn(place, kind, id),
    awsRegion: place.region,
    availabilityZone: 'Not Applicable',
    resourceCreationTime: null,
    tags,
  }) satisfies Partial<ResourceDescription>;

export const vpc: ResourceKind = {
  resourceType: 'AWS::EC2::VPC',
  global: false,
  list: async (reader) => {
    const { Vpcs: vpcs = [] } = await ec2Client(reader).send(new DescribeVpcsCommand({}));
    return vpcs.flatMap(({ VpcId: id }) => id ?? []);
  },
  describe: async (reader, vpcId) => {
    const answer = await undefinedIfNotFound(
      ec2Client(reader).send(new DescribeVpcsCommand({ VpcIds: [vpcId] })),
      'InvalidVpcID.NotFound',
    );
    const [found] = answer?.Vpcs ?? [];
    if (found === undefined) return undefined;
    const tags = tagMap(found.Tags);
    return {
      ...regional(reader, 'vpc', vpcId, tags),
      resourceName: null,
      availabilityZone: 'Multiple Availability Zones',
      configuration: {
        cidrBlock: found.CidrBlock,
        dhcpOptionsId: found.DhcpOptionsId,
        state: { value: found.State },
        vpcId,
        ownerId: reader.place.accountId,
        instanceTenancy: { value: found.InstanceTenancy },
        cidrBlockAssociationSet: camelCase(found.CidrBlockAssociationSet ?? []),
        ipv6CidrBlockAssociationSet: camelCase(found.Ipv6CidrBlockAssociationSet ?? []),
        isDefault: found.IsDefault,
        tags: tagList(tags),
      },
    };
  },
};

const ipPermission = ({
  IpProtocol,
  FromPort,
  ToPort,
  IpRanges,
  Ipv6Ranges,
  PrefixListIds,
  UserIdGroupPairs,
}: IpPermission) => ({
  ipProtocol: IpProtocol,
  fromPort: FromPort,
  toPort: ToPort,
  // The legacy member is a list of plain strings.
  ipRanges: (IpRanges ?? []).map(({ CidrIp: cidr }) => cidr),
  ipv4Ranges: camelCase(IpRanges ?? []),
  ipv6Ranges: camelCase(Ipv6Ranges ?? []),
  prefixListIds: camelCase(PrefixListIds ?? []),
  userIdGroupPairs: camelCase(UserIdGroupPairs ?? []),
});

/** The relationship with the VPC, with which the resource is deleted. */
export const containedIn = (vpcId: string | undefined) =>
  vpcId === undefined
    ? []
    : [{ resourceId: vpcId, resourceType: vpc.resourceType, name: 'Is contained in Vpc' }];

export const securityGroup: ResourceKind = {
  resourceType: 'AWS::EC2::SecurityGroup',
  global: false,
  list: async (reader) => {
    const { SecurityGroups: groups = [] } = await ec2Client(reader).send(
      new DescribeSecurityGroupsCommand({}),
    );
    return groups.flatMap(({ GroupId: id }) => id ?? []);
  },
  describe: async (reader, groupId) => {
    const command = new DescribeSecurityGroupsCommand({ GroupIds: [groupId] });
    const answer = await undefinedIfNotFound(ec2Client(reader).send(command), 'InvalidGroup.NotFound');
    const [found] = answer?.SecurityGroups ?? [];
    if (found === undefined) return undefined;
    const tags = tagMap(found.Tags);
    return {
      ...regional(reader, 'security-group', groupId, tags),
      resourceName: found.GroupName ?? null,
      configuration: {
        description: found.Description,
        groupName: found.GroupName,
        ipPermissions: (found.IpPermissions ?? []).map(ipPermission),
        ownerId: reader.place.accountId,
        groupId,
        ipPermissionsEgress: (found.IpPermissionsEgress ?? []).map(ipPermission),
        tags: tagList(tags),
        vpcId: found.VpcId,
      },
      relationships: containedIn(found.VpcId),
    };
  },
};

export const flowLog: ResourceKind = {
  resourceType: 'AWS::EC2::FlowLog',
  global: false,
  list: async (reader) => {
    const { FlowLogs: flowLogs = [] } = await ec2Client(reader).send(new DescribeFlowLogsCommand({}));
    return flowLogs.flatMap(({ FlowLogId: id }) => id ?? []);
  },
  describe: async (reader, flowLogId) => {
    const command = new DescribeFlowLogsCommand({ FlowLogIds: [flowLogId] });
    const answer = await undefinedIfNotFound(ec2Client(reader).send(command), 'InvalidFlowLogId.NotFound');
    const [found] = answer?.FlowLogs ?? [];
    if (found === undefined) return undefined;
    const { Tags: tags, ...configuration } = found;
    return {
      ...regional(reader, 'vpc-flow-log', flowLogId, tagMap(tags)),
      resourceName: null,
      configuration: camelCaseMembers(configuration),
      relationships:
        found.ResourceId?.startsWith('vpc-') === true
          ? [{ resourceId: found.ResourceId, resourceType: vpc.resourceType, name: 'Is associated with ' }]
          : [],
    };
  },
};
