export { ec2RestrictAdminPortsIpv4 as rule } from './rule.ts';
