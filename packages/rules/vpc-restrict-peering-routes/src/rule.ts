import { CreateRouteCommand, DeleteRouteCommand, EC2Client } from '@aws-sdk/client-ec2';
import { compliant, defineRule, nonCompliant, notApplicable, operation } from '@compliance/core/rule';
import { Cidr } from '@compliance/security-group-ingress';
import { ROUTE_TABLE, routeTableShape } from '@compliance/vpc-network';
import * as z from 'zod';

import { Facts, Handles, observe } from './observe.ts';
import { replaceRoutes } from './replace-routes.ts';
import { describeUnknown, describeWide, wideRoutes } from './wide-routes.ts';

const onTables = (action: string) => ({ action, resource: 'arn:*:ec2:*:*:route-table/*' });

const routeGrants = [onTables('ec2:CreateRoute'), onTables('ec2:DeleteRoute')];

const reads = [
  'ec2:DescribeRouteTables',
  'ec2:DescribeVpcPeeringConnections',
  'ec2:GetManagedPrefixListEntries',
];

export const rule = defineRule({
  command: 'VPC_RESTRICT_PEERING_ROUTES',
  title: 'Routes to a peering connection are narrower than the VPC behind it',
  rationale:
    'An intruder in one VPC gets as far in the other as the routes lead, so they should lead only to what is used.',
  severity: 'medium',
  resourceType: ROUTE_TABLE,
  resource: routeTableShape,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  impact: 'What uses a part of the peer that no allowed route leads to loses its way there.',
  controls: {
    'cis-1.2': ['4.4'],
    'cis-1.3': ['5.4'],
    'cis-1.4': ['5.4'],
    'cis-1.5': ['5.5'],
    'cis-2.0': ['5.5'],
    'cis-3.0': ['5.5'],
    'cis-4.0': ['5.6'],
    'cis-4.0.1': ['5.6'],
    'cis-5.0': ['5.6'],
    'cis-6.0': ['6.6'],
    'cis-7.0': ['6.6'],
  },
  partly:
    'Whether a route that is narrower than the VPC of the peer is still wider than what is used, and the route tables of peers in other accounts.',
  equivalents: {
    prowler: ['vpc_peering_routing_tables_with_least_privilege'],
    custodian: ['peering-connection: missing-route; route-table: route'],
  },
  parameters: z.object({
    allowedRoutes: z
      .record(z.string().startsWith('pcx-'), z.array(z.union([Cidr.ipv4, Cidr.ipv6])))
      .default({})
      .describe(
        'Id of a peering connection → the destinations that a fix routes to it instead of the wide one. [] for none.',
      ),
  }),
  needs: ['allowedRoutes'],
  facts: Facts,
  handles: Handles,
  permissions: { list: reads, get: reads, fix: routeGrants, undo: routeGrants },

  observe,

  judge: ({ ownerId, routes }, { accountId }) => {
    if (ownerId !== accountId) return notApplicable(`Account ${ownerId} owns this shared route table.`);
    const wide = wideRoutes(routes);
    if (wide.length > 0) return nonCompliant(describeWide(wide));
    const unknown = describeUnknown(routes);
    return unknown === undefined ? compliant() : nonCompliant(`Not proven: ${unknown}`);
  },

  fix: (input) => replaceRoutes(input),

  undo: {
    operations: [operation(EC2Client, CreateRouteCommand), operation(EC2Client, DeleteRouteCommand)],
  },
});
