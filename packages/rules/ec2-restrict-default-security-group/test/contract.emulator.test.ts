import {
  AuthorizeSecurityGroupIngressCommand,
  CreateNetworkInterfaceCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupEgressCommand,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { gone, item } from '@compliance/security-group-ingress/testing';

import { rule } from '../src/rule.ts';

/** The default group of a new VPC, as AWS makes it. */
const defaultGroup = async (admin: Session) => {
  const client = admin.client(EC2Client);
  const { Vpc } = await client.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
  const VpcId = Vpc?.VpcId ?? '';
  const { SecurityGroups: [group] = [] } = await client.send(
    new DescribeSecurityGroupsCommand({
      Filters: [
        { Name: 'vpc-id', Values: [VpcId] },
        { Name: 'group-name', Values: ['default'] },
      ],
    }),
  );
  return {
    VpcId,
    group,
    resource: { resourceType: 'AWS::EC2::SecurityGroup', resourceId: group?.GroupId ?? '' },
  };
};

const untouchedGroup = async (admin: Session): Promise<Resource> => (await defaultGroup(admin)).resource;

const emptyGroup = async (admin: Session): Promise<Resource> => {
  const client = admin.client(EC2Client);
  const resource = await untouchedGroup(admin);
  const { resourceId: GroupId } = resource;
  const { SecurityGroupRules = [] } = await client.send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }),
  );
  for (const { IsEgress, SecurityGroupRuleId = '' } of SecurityGroupRules) {
    const input = { GroupId, SecurityGroupRuleIds: [SecurityGroupRuleId] };
    if (IsEgress === true) await client.send(new RevokeSecurityGroupEgressCommand(input));
    else await client.send(new RevokeSecurityGroupIngressCommand(input));
  }
  return resource;
};

const groupThatAdmits =
  (...IpPermissions: readonly IpPermission[]) =>
  async (admin: Session): Promise<Resource> => {
    const resource = await emptyGroup(admin);
    for (const permission of IpPermissions)
      await admin.client(EC2Client).send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId: resource.resourceId,
          IpPermissions: [permission],
          TagSpecifications: [{ ResourceType: 'security-group-rule', Tags: [{ Key: 'team', Value: 'a' }] }],
        }),
      );
    return resource;
  };

const usedGroup = async (admin: Session): Promise<Resource> => {
  const client = admin.client(EC2Client);
  const { VpcId, resource } = await defaultGroup(admin);
  const { Subnet } = await client.send(new CreateSubnetCommand({ VpcId, CidrBlock: '10.0.1.0/24' }));
  await client.send(
    new CreateNetworkInterfaceCommand({ SubnetId: Subnet?.SubnetId, Groups: [resource.resourceId] }),
  );
  return resource;
};

const ssh = { IpProtocol: 'tcp', FromPort: 22, ToPort: 22 };

describeRuleContract(rule, {
  compliant: { 'a default group without rules': emptyGroup },
  nonCompliant: {
    'a default group as AWS makes it': untouchedGroup,
    'a default group that admits SSH and pings, with tags': groupThatAdmits(
      { ...ssh, IpRanges: [{ CidrIp: '10.0.0.0/8', Description: 'ssh' }] },
      { ...ssh, Ipv6Ranges: [{ CidrIpv6: '2001:db8::/32' }] },
      { IpProtocol: 'icmp', FromPort: 8, ToPort: -1, IpRanges: [{ CidrIp: '10.0.0.0/8' }] },
    ),
  },
  manual: { 'a default group that a network interface uses': usedGroup },
  item,
  gone,
});

describeRuleContract(rule, {
  parameters: { onlyIfUnused: false },
  compliant: {},
  nonCompliant: { 'a default group that a network interface uses': usedGroup },
  item,
});
