import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';

import { ec2RestrictAdminPortsIpv4 } from '../src/rule.ts';

/** Marks the rules that every fix leaves as they are. */
const STAYS = 'stays';

const group =
  (...permissions: readonly IpPermission[]) =>
  async (admin: Session) => {
    const client = admin.client(EC2Client);
    const { GroupId = '' } = await client.send(
      new CreateSecurityGroupCommand({
        GroupName: 'contract',
        Description: 'contract',
        TagSpecifications: [{ ResourceType: 'security-group', Tags: [{ Key: 'owner', Value: 'network' }] }],
      }),
    );
    for (const permission of permissions)
      await client.send(
        new AuthorizeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [permission],
          TagSpecifications: [
            { ResourceType: 'security-group-rule', Tags: [{ Key: 'team', Value: 'network' }] },
          ],
        }),
      );
    return { resourceType: 'AWS::EC2::SecurityGroup', resourceId: GroupId };
  };

const from = (ports: Partial<IpPermission>, ...cidrs: readonly string[]): IpPermission => ({
  ...ports,
  IpRanges: cidrs.map((CidrIp) => ({ CidrIp, Description: `from ${CidrIp}` })),
});

const staying = (ports: Partial<IpPermission>, ...cidrs: readonly string[]): IpPermission => ({
  ...ports,
  IpRanges: cidrs.map((CidrIp) => ({ CidrIp, Description: STAYS })),
});

/** A group that admits SSH from a prefix list of the account with these entries. */
const groupWithPrefixList =
  (entries: readonly string[], ...permissions: readonly IpPermission[]) =>
  async (admin: Session) => {
    const { PrefixList } = await admin.client(EC2Client).send(
      new CreateManagedPrefixListCommand({
        PrefixListName: 'contract',
        AddressFamily: 'IPv4',
        MaxEntries: 10,
        Entries: entries.map((Cidr) => ({ Cidr })),
      }),
    );
    return group(
      { ...ssh, PrefixListIds: [{ PrefixListId: PrefixList?.PrefixListId }] },
      ...permissions,
    )(admin);
  };

const tcp = (FromPort: number, ToPort = FromPort) => ({ IpProtocol: 'tcp', FromPort, ToPort });
const ssh = tcp(22);
const rdp = tcp(3389);
const all = { IpProtocol: '-1' };
const everywhere = '0.0.0.0/0';

const open = {
  'SSH from everywhere in one permission with an office': group(
    from(ssh, everywhere),
    staying(ssh, '192.0.2.0/24'),
  ),
  'all ports over UDP from everywhere, beside HTTPS': group(
    from({ ...tcp(0, 65_535), IpProtocol: 'udp' }, everywhere),
    staying(tcp(80, 443), everywhere),
  ),
  'SSH from a prefix list of everything': groupWithPrefixList(
    ['0.0.0.0/1', '128.0.0.0/1'],
    staying(ssh, '10.0.0.0/8'),
  ),
};

/** Which of several rules is too wide is for a person to decide. */
const openTogether = {
  'SSH from a prefix list and a range that together are too wide': groupWithPrefixList(
    ['0.0.0.0/2', '128.0.0.0/3'],
    from(ssh, '160.0.0.0/3'),
    from(all, '64.0.0.0/3'),
  ),
};

/** A fix revokes the rule that alone is too wide; a person narrows the others. */
const openAloneAndTogether = {
  'SSH from everywhere beside ranges that together are too wide': {
    seed: group(from(ssh, everywhere, '0.0.0.0/2', '64.0.0.0/2', '128.0.0.0/2')),
    settle: ({ resourceId: GroupId }: Resource, admin: Session) =>
      admin.client(EC2Client).send(
        new RevokeSecurityGroupIngressCommand({
          GroupId,
          IpPermissions: [{ ...ssh, IpRanges: [{ CidrIp: '64.0.0.0/2' }, { CidrIp: '128.0.0.0/2' }] }],
        }),
      ),
  },
};

const closed = {
  'HTTPS from everywhere, ICMP, and SSH from everywhere over IPv6': group(
    from(tcp(443), everywhere),
    from({ IpProtocol: 'icmp', FromPort: 8, ToPort: 22 }, everywhere),
    { ...ssh, Ipv6Ranges: [{ CidrIpv6: '::/0' }] },
  ),
  'SSH from a prefix list of offices': groupWithPrefixList(['192.0.2.0/24', '198.51.100.0/24']),
};

const item = async (resource: Resource, admin: Session) => {
  const { resourceId } = resource;
  const { SecurityGroups: [found] = [] } = await admin
    .client(EC2Client)
    .send(new DescribeSecurityGroupsCommand({ GroupIds: [resourceId] }));
  return itemOf(resource, admin, {
    arn: `arn:aws:ec2:${admin.region}:${admin.accountId}:security-group/${resourceId}`,
    resourceName: found?.GroupName,
    tags: found?.Tags,
    configuration: {
      groupId: resourceId,
      ownerId: found?.OwnerId,
      ipPermissions: (found?.IpPermissions ?? []).map((permission) => ({
        ipProtocol: permission.IpProtocol,
        fromPort: permission.FromPort ?? null,
        toPort: permission.ToPort ?? null,
        ipv4Ranges: permission.IpRanges?.map(({ CidrIp }) => ({ cidrIp: CidrIp })),
        ipRanges: permission.IpRanges?.map(({ CidrIp }) => CidrIp),
        prefixListIds: permission.PrefixListIds?.map(({ PrefixListId }) => ({ prefixListId: PrefixListId })),
      })),
    },
  });
};

const untouched = async ({ resourceId }: Resource, admin: Session) => {
  const { SecurityGroupRules = [] } = await admin
    .client(EC2Client)
    .send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [resourceId] }] }));
  return SecurityGroupRules.filter(({ IsEgress, Description }) => IsEgress || Description === STAYS);
};

const gone = { resourceType: 'AWS::EC2::SecurityGroup', resourceId: 'sg-0123456789abcdef0' };

describeRuleContract(ec2RestrictAdminPortsIpv4, {
  compliant: closed,
  nonCompliant: open,
  manual: openTogether,
  settling: openAloneAndTogether,
  item,
  untouched,
  gone,
  unproven: {
    'ec2:AuthorizeSecurityGroupIngress':
      'A fix uses it only with replacementCidrs: the contract below proves it.',
    'ec2:RevokeSecurityGroupIngress':
      'An undo uses it only with replacementCidrs: the contract below proves it.',
  },
});

describeRuleContract(ec2RestrictAdminPortsIpv4, {
  parameters: { ports: [22], replacementCidrs: ['198.51.100.0/24', '203.0.113.7/32'] },
  compliant: {
    'RDP from everywhere and SSH from a prefix list of offices': groupWithPrefixList(
      ['192.0.2.0/24'],
      from(rdp, everywhere),
    ),
  },
  nonCompliant: {
    'SSH from everywhere and already from a replacement': group(
      from(ssh, everywhere),
      staying(ssh, '198.51.100.0/24'),
    ),
    'all traffic and SSH from everywhere': group(from(all, everywhere), from(ssh, everywhere)),
  },
  item,
  untouched,
});
