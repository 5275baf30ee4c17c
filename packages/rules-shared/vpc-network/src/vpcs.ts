import { DescribeVpcsCommand, EC2Client, paginateDescribeVpcs, type Vpc } from '@aws-sdk/client-ec2';
import { ec2Shape, hasCode, tagsOf, type Resource, type Session } from '@compliance/core/rule';

export const VPC = 'AWS::EC2::VPC';

/** How exemptions and owners name a VPC. */
export const vpcShape = ec2Shape('vpc');

/** Lists the VPCs of the Region. The rules of a sweep share the listing: one call per thousand VPCs. */
export const sharedVpcs = (session: Session): Promise<readonly Vpc[]> =>
  session.once('ec2/vpcs', async () => {
    const client = session.client(EC2Client);
    const pages = await Array.fromAsync(paginateDescribeVpcs({ client, pageSize: 1000 }, {}));
    return pages.flatMap(({ Vpcs = [] }) => Vpcs);
  });

/** Reads a VPC, live. `undefined`: it is gone. */
export const describeVpc = async (vpcId: string, session: Session): Promise<Vpc | undefined> => {
  try {
    const command = new DescribeVpcsCommand({ VpcIds: [vpcId] });
    return (await session.client(EC2Client).send(command)).Vpcs?.[0];
  } catch (error) {
    if (hasCode(error, 'InvalidVpcID.NotFound')) return undefined;
    throw error;
  }
};

export const vpcResource = ({ VpcId = '', Tags }: Vpc): Resource => ({
  resourceType: VPC,
  resourceId: VpcId,
  tags: tagsOf(Tags),
});
