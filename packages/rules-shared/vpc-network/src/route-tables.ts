import {
  DescribeRouteTablesCommand,
  EC2Client,
  paginateDescribeRouteTables,
  type Filter,
  type RouteTable,
} from '@aws-sdk/client-ec2';
import { ec2Shape, hasCode, tagsOf, type Resource, type Session } from '@compliance/core/rule';

export const ROUTE_TABLE = 'AWS::EC2::RouteTable';

/** How exemptions and owners name a route table. */
export const routeTableShape = ec2Shape('route-table');

/** Lists the route tables of the Region. The rules of a sweep share the listing: one call per hundred tables. */
export const sharedRouteTables = (session: Session): Promise<readonly RouteTable[]> =>
  session.once('ec2/route-tables', () => routeTablesWith(undefined, session));

/** Lists the route tables of the Region that a filter selects, live. */
export const routeTablesWith = async (
  Filters: Filter[] | undefined,
  session: Session,
): Promise<RouteTable[]> => {
  const client = session.client(EC2Client);
  const pages = paginateDescribeRouteTables({ client, pageSize: 100 }, Filters ? { Filters } : {});
  return (await Array.fromAsync(pages)).flatMap(({ RouteTables = [] }) => RouteTables);
};

/** Reads a route table, live. `undefined`: it is gone. */
export const describeRouteTable = async (
  routeTableId: string,
  session: Session,
): Promise<RouteTable | undefined> => {
  try {
    const command = new DescribeRouteTablesCommand({ RouteTableIds: [routeTableId] });
    return (await session.client(EC2Client).send(command)).RouteTables?.[0];
  } catch (error) {
    if (hasCode(error, 'InvalidRouteTableID.NotFound')) return undefined;
    throw error;
  }
};

export const routeTableResource = ({ RouteTableId = '', Tags }: RouteTable): Resource => ({
  resourceType: ROUTE_TABLE,
  resourceId: RouteTableId,
  tags: tagsOf(Tags),
});
