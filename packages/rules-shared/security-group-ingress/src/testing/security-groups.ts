import {
  AuthorizeSecurityGroupIngressCommand,
  CreateManagedPrefixListCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  DescribeSecurityGroupsCommand,
  EC2Client,
  type IpPermission,
} from '@aws-sdk/client-ec2';
import type { Resource, Session } from '@compliance/core/rule';
import { itemOf } from '@compliance/core/testing';

import { familyOf, type Family } from '../cidr.ts';

/** Marks the rules that every fix leaves as they are. */
const STAYS = 'stays';

/** Seeds a group that admits these, each with a tag on its rules. */
export const group =
  (...permissions: readonly IpPermission[]) =>
  async (admin: Session): Promise<Resource> => {
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

/** Seeds a group that admits these ports from a prefix list of the account with these entries. */
export const groupWithPrefixList =
  (ports: IpPermission, entries: readonly string[], ...permissions: readonly IpPermission[]) =>
  async (admin: Session): Promise<Resource> => {
    const { PrefixList } = await admin.client(EC2Client).send(
      new CreateManagedPrefixListCommand({
        PrefixListName: 'contract',
        AddressFamily: entries.some((entry) => familyOf(entry) === 'ipv6') ? 'IPv6' : 'IPv4',
        MaxEntries: 10,
        Entries: entries.map((Cidr) => ({ Cidr })),
      }),
    );
    return group(
      { ...ports, PrefixListIds: [{ PrefixListId: PrefixList?.PrefixListId }] },
      ...permissions,
    )(admin);
  };

export const tcp = (FromPort: number, ToPort = FromPort): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort,
  ToPort,
});

export const from = (ports: IpPermission, ...cidrs: readonly string[]): IpPermission =>
  described(ports, cidrs, (cidr) => `from ${cidr}`);

/** The same, for rules that every fix must leave as they are. */
export const staying = (ports: IpPermission, ...cidrs: readonly string[]): IpPermission =>
  described(ports, cidrs, () => STAYS);

const described = (
  ports: IpPermission,
  cidrs: readonly string[],
  describe: (cidr: string) => string,
): IpPermission => {
  const of = (family: Family) => cidrs.filter((cidr) => familyOf(cidr) === family);
  return {
    ...ports,
    IpRanges: of('ipv4').map((CidrIp) => ({ CidrIp, Description: describe(CidrIp) })),
    Ipv6Ranges: of('ipv6').map((CidrIpv6) => ({ CidrIpv6, Description: describe(CidrIpv6) })),
  };
};

export const untouched = async ({ resourceId }: Resource, admin: Session) => {
  const { SecurityGroupRules = [] } = await admin
    .client(EC2Client)
    .send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [resourceId] }] }));
  return SecurityGroupRules.filter(({ IsEgress, Description }) => IsEgress || Description === STAYS);
};

export const gone: Resource = {
  resourceType: 'AWS::EC2::SecurityGroup',
  resourceId: 'sg-0123456789abcdef0',
};

/** The item of a group as AWS Config records it. */
export const item = async (resource: Resource, admin: Session) => {
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
      groupName: found?.GroupName,
      ownerId: found?.OwnerId,
      ipPermissions: (found?.IpPermissions ?? []).map(itemPermission),
      ipPermissionsEgress: (found?.IpPermissionsEgress ?? []).map(itemPermission),
    },
  });
};

const itemPermission = (permission: IpPermission) => ({
  ipProtocol: permission.IpProtocol,
  fromPort: permission.FromPort ?? null,
  toPort: permission.ToPort ?? null,
  ipv4Ranges: (permission.IpRanges ?? []).map(({ CidrIp }) => ({ cidrIp: CidrIp })),
  ipRanges: (permission.IpRanges ?? []).map(({ CidrIp }) => CidrIp),
  ipv6Ranges: (permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => ({ cidrIpv6: CidrIpv6 })),
  prefixListIds: (permission.PrefixListIds ?? []).map(({ PrefixListId }) => ({ prefixListId: PrefixListId })),
  userIdGroupPairs: (permission.UserIdGroupPairs ?? []).map(({ GroupId, UserId }) => ({
    groupId: GroupId,
    userId: UserId,
  })),
});

/** The fixtures of a rule on one port, for the given ways to write everything: `::/0`, or its halves. */
export const ingressFixtures = (port: number, everything: Readonly<Record<string, readonly string[]>>) => {
  const cidrs = Object.values(everything).flat();
  return {
    compliant: {
      'a group that opens HTTPS to everyone and the port to an office': group(
        staying(tcp(443), ...cidrs),
        staying(tcp(port), '198.51.100.0/24', '2001:db8::/32'),
      ),
    },
    nonCompliant: Object.fromEntries(
      Object.entries(everything).flatMap(([name, [all = '', ...halves]]) => [
        [
          `the port from ${all}, in one permission with an office`,
          group(from(tcp(port), all), staying(tcp(port), '198.51.100.0/24', '2001:db8::/32')),
        ],
        [
          `all traffic from a prefix list of all of ${name}`,
          groupWithPrefixList({ IpProtocol: '-1' }, halves),
        ],
      ]),
    ),
    item,
    untouched,
    gone,
    unproven: {
      'ec2:AuthorizeSecurityGroupIngress':
        'A fix uses it only with replacementCidrs, which the contract of EC2_RESTRICT_ADMIN_PORTS_IPV4 proves.',
      'ec2:RevokeSecurityGroupIngress':
        'An undo uses it only with replacementCidrs, which the contract of EC2_RESTRICT_ADMIN_PORTS_IPV4 proves.',
    },
  };
};
