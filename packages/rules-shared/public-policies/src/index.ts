export type { FoundPolicies } from './observe-policies.ts';
export { restrictPublicPolicies } from './restrict-public-policies.ts';
