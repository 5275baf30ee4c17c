import {
  DescribeNetworkAclsCommand,
  EC2Client,
  paginateDescribeNetworkAcls,
  type NetworkAcl,
} from '@aws-sdk/client-ec2';
import { ec2Shape, hasCode, tagsOf, type Resource, type Session } from '@compliance/core/rule';

export const NETWORK_ACL = 'AWS::EC2::NetworkAcl';

/** How exemptions and owners name a network ACL. */
export const networkAclShape = ec2Shape('network-acl');

/** Lists the network ACLs of the Region: one call per thousand. */
export const listAcls = async function* (session: Session): AsyncGenerator<NetworkAcl> {
  const client = session.client(EC2Client);
  for await (const { NetworkAcls = [] } of paginateDescribeNetworkAcls({ client, pageSize: 1000 }, {}))
    yield* NetworkAcls;
};

/** Reads a network ACL, live. `undefined`: it is gone. */
export const describeAcl = async (
  networkAclId: string,
  session: Session,
): Promise<NetworkAcl | undefined> => {
  try {
    const command = new DescribeNetworkAclsCommand({ NetworkAclIds: [networkAclId] });
    return (await session.client(EC2Client).send(command)).NetworkAcls?.[0];
  } catch (error) {
    if (hasCode(error, 'InvalidNetworkAclID.NotFound')) return undefined;
    throw error;
  }
};

export const aclResource = ({ NetworkAclId = '', Tags }: NetworkAcl): Resource => ({
  resourceType: NETWORK_ACL,
  resourceId: NetworkAclId,
  tags: tagsOf(Tags),
});
