import {
  EC2Client,
  paginateDescribeVpcPeeringConnections,
  type VpcPeeringConnection,
} from '@aws-sdk/client-ec2';
import type { Session } from '@compliance/core/rule';

/** Lists the peering connections of the Region, live: all, or those with these ids. */
export const readConnections = async (
  session: Session,
  ids?: readonly string[],
): Promise<VpcPeeringConnection[]> => {
  if (ids?.length === 0) return [];
  const pages = paginateDescribeVpcPeeringConnections(
    { client: session.client(EC2Client) },
    ids ? { Filters: [{ Name: 'vpc-peering-connection-id', Values: [...ids] }] } : {},
  );
  return (await Array.fromAsync(pages)).flatMap(({ VpcPeeringConnections = [] }) => VpcPeeringConnections);
};

/** The CIDRs of the VPC on the other side of a connection. */
export const peerCidrs = (
  { RequesterVpcInfo, AccepterVpcInfo }: VpcPeeringConnection,
  vpcId: string | undefined,
): string[] => {
  const {
    CidrBlock,
    CidrBlockSet = [],
    Ipv6CidrBlockSet = [],
  } = (RequesterVpcInfo?.VpcId === vpcId ? AccepterVpcInfo : RequesterVpcInfo) ?? {};
  const all = [
    CidrBlock,
    ...CidrBlockSet.map((block) => block.CidrBlock),
    ...Ipv6CidrBlockSet.map((block) => block.Ipv6CidrBlock),
  ];
  return [...new Set(all.filter((cidr) => cidr !== undefined))].toSorted();
};
