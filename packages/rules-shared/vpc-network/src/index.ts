export { Entry, entriesOf, ItemAcl } from './acl-entries.ts';
export { aclResource, describeAcl, listAcls, NETWORK_ACL, networkAclShape } from './network-acls.ts';
export { peerCidrs, readConnections } from './peering-connections.ts';
export {
  describeRouteTable,
  ROUTE_TABLE,
  routeTableResource,
  routeTableShape,
  routeTablesWith,
  sharedRouteTables,
} from './route-tables.ts';
export { sharedSubnets, subnetsWith } from './subnets.ts';
export { describeVpc, sharedVpcs, VPC, vpcResource, vpcShape } from './vpcs.ts';
