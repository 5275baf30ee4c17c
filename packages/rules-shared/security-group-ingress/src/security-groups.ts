import {
  DescribeSecurityGroupsCommand,
  EC2Client,
  paginateDescribeNetworkInterfaces,
  paginateDescribeSecurityGroupRules,
  paginateDescribeSecurityGroups,
  type SecurityGroup,
  type SecurityGroupRule,
} from '@aws-sdk/client-ec2';
import { defined, ec2Shape, hasCode, tagsOf, type Resource, type Session } from '@compliance/core/rule';

export const SECURITY_GROUP = 'AWS::EC2::SecurityGroup';

/** How exemptions and owners name a security group. */
export const securityGroupShape = ec2Shape('security-group');

/** Lists the groups of the Region. The rules of a sweep share the listing: one call per thousand groups. */
export const sharedGroups = (session: Session): Promise<readonly SecurityGroup[]> =>
  session.once('ec2/security-groups', async () => {
    const client = session.client(EC2Client);
    const pages = await Array.fromAsync(paginateDescribeSecurityGroups({ client, pageSize: 1000 }, {}));
    return pages.flatMap(({ SecurityGroups = [] }) => SecurityGroups);
  });

/** Reads a group, live. `undefined`: it is gone. */
export const describeGroup = async (
  groupId: string,
  session: Session,
): Promise<SecurityGroup | undefined> => {
  try {
    const command = new DescribeSecurityGroupsCommand({ GroupIds: [groupId] });
    const answer = await session.client(EC2Client).send(command);
    return answer.SecurityGroups?.[0];
  } catch (error) {
    if (hasCode(error, 'InvalidGroup.NotFound')) return undefined;
    throw error;
  }
};

/** Reads the rules of a group in both directions, with their ids. */
export const readRules = async (groupId: string, session: Session): Promise<SecurityGroupRule[]> => {
  const pages = paginateDescribeSecurityGroupRules(
    { client: session.client(EC2Client), pageSize: 1000 },
    { Filters: [{ Name: 'group-id', Values: [groupId] }] },
  );
  return (await Array.fromAsync(pages)).flatMap(({ SecurityGroupRules = [] }) => SecurityGroupRules);
};

/** Reads which network interfaces use a group: those of instances, functions, databases and load balancers. */
export const interfacesOf = async (groupId: string, session: Session): Promise<string[]> => {
  const pages = paginateDescribeNetworkInterfaces(
    { client: session.client(EC2Client), pageSize: 1000 },
    { Filters: [{ Name: 'group-id', Values: [groupId] }] },
  );
  return (await Array.fromAsync(pages))
    .flatMap(({ NetworkInterfaces = [] }) => NetworkInterfaces)
    .map(({ NetworkInterfaceId = '' }) => NetworkInterfaceId)
    .toSorted();
};

export const resourceOf = (group: SecurityGroup): Resource => ({
  resourceType: SECURITY_GROUP,
  resourceId: group.GroupId ?? '',
  ...identityOf(group),
  tags: tagsOf(group.Tags),
});

export const identityOf = ({ GroupName, SecurityGroupArn }: SecurityGroup) =>
  defined({ resourceName: GroupName, arn: SecurityGroupArn });
