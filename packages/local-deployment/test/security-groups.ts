import {
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeSecurityGroupRulesCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import type { LocalOrg } from '@compliance/local-org';

export const OPEN_PORTS = 'EC2_RESTRICT_ADMIN_PORTS_IPV4';

type Org = Pick<LocalOrg, 'client'>;

/** Creates a security group that admits these sources on these ports, such as `22 0.0.0.0/0`. */
export const createSecurityGroup = async (
  { client }: Org,
  accountId: string,
  GroupName: string,
  ingress: readonly string[],
): Promise<string> => {
  const ec2 = client(EC2Client, accountId);
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName, Description: GroupName }),
  );
  const IpPermissions = ingress.map((rule) => {
    const [port, CidrIp] = rule.split(' ');
    return { IpProtocol: 'tcp', FromPort: Number(port), ToPort: Number(port), IpRanges: [{ CidrIp }] };
  });
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  return GroupId;
};

/** Reads what a security group admits, in the same form. */
export const ingressOf = async ({ client }: Org, accountId: string, groupId: string): Promise<string[]> => {
  const { SecurityGroupRules = [] } = await client(EC2Client, accountId).send(
    new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [groupId] }] }),
  );
  return SecurityGroupRules.filter(({ IsEgress }) => !IsEgress)
    .map(({ FromPort, CidrIpv4 }) => `${FromPort} ${CidrIpv4}`)
    .toSorted();
};
