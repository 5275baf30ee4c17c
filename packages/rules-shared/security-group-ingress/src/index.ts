export { Cidr, covers, FAMILIES, familyOf, rangesOf, type Family, type Range } from './cidr.ts';
export { describeReach, portsIn } from './describe.ts';
export { internetAddresses, shareOfInternet } from './internet.ts';
export { ownTags, type Ingress, type IngressRule } from './ingress.ts';
export type { Facts } from './observe.ts';
export { readPrefixList, sharedPrefixList } from './prefix-lists.ts';
export { authorizeGrant, restoreTagsGrant, revokeGrant } from './grants.ts';
export { ownedBy, restrictIngress } from './restrict-ingress.ts';
export {
  describeGroup,
  identityOf,
  interfacesOf,
  readRules,
  resourceOf,
  SECURITY_GROUP,
  securityGroupShape,
  sharedGroups,
} from './security-groups.ts';
export { revokeEgress, revokeIngress } from './steps.ts';
