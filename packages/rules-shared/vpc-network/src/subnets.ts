import { EC2Client, paginateDescribeSubnets, type Filter, type Subnet } from '@aws-sdk/client-ec2';
import type { Session } from '@compliance/core/rule';

/** Lists the subnets of the Region. The rules of a sweep share the listing: one call per thousand subnets. */
export const sharedSubnets = (session: Session): Promise<readonly Subnet[]> =>
  session.once('ec2/subnets', () => subnetsWith(undefined, session));

/** Lists the subnets of the Region that a filter selects, live. */
export const subnetsWith = async (Filters: Filter[] | undefined, session: Session): Promise<Subnet[]> => {
  const client = session.client(EC2Client);
  const pages = paginateDescribeSubnets({ client, pageSize: 1000 }, Filters ? { Filters } : {});
  return (await Array.fromAsync(pages)).flatMap(({ Subnets = [] }) => Subnets);
};
