import { DescribeRouteTablesCommand } from '@aws-sdk/client-ec2';

import { undefinedIfNotFound } from '../base/undefined-if-not-found.ts';
import { camelCase, tagList, tagMap } from './camel-case.ts';
import { containedIn, ec2Client, regional } from './ec2.ts';
import type { ResourceKind } from './resource-kind.ts';

export const routeTable: ResourceKind = {
  resourceType: 'AWS::EC2::RouteTable',
  global: false,
  list: async (reader) => {
    const { RouteTables: tables = [] } = await ec2Client(reader).send(new DescribeRouteTablesCommand({}));
    return tables.flatMap(({ RouteTableId: id }) => id ?? []);
  },
  describe: async (reader, routeTableId) => {
    const command = new DescribeRouteTablesCommand({ RouteTableIds: [routeTableId] });
    const answer = await undefinedIfNotFound(ec2Client(reader).send(command), 'InvalidRouteTableID.NotFound');
    const [found] = answer?.RouteTables ?? [];
    if (found === undefined) return undefined;
    const tags = tagMap(found.Tags);
    return {
      ...regional(reader, 'route-table', routeTableId, tags),
      resourceName: null,
      configuration: {
        associations: camelCase(found.Associations ?? []),
        propagatingVgws: camelCase(found.PropagatingVgws ?? []),
        routeTableId,
        routes: camelCase(found.Routes ?? []),
        tags: tagList(tags),
        vpcId: found.VpcId,
        ownerId: reader.place.accountId,
      },
      relationships: containedIn(found.VpcId),
    };
  },
};
