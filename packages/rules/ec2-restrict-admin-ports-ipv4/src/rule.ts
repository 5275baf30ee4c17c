import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  compliant,
  defineRule,
  ec2Shape,
  nonCompliant,
  notApplicable,
  operation,
  type Grant,
} from '@compliance/core/rule';

import { describeOpen, describeUnread } from './describe.ts';
import { fixIngress } from './fix-ingress.ts';
import {
  Facts,
  Handles,
  SECURITY_GROUP,
  listSecurityGroups,
  parseItem,
  getSecurityGroup,
} from './observe.ts';
import { openPorts, unreadLists } from './open-ports.ts';
import { Parameters } from './parameters.ts';

const GROUPS = 'arn:*:ec2:*:*:security-group/*';
const GROUP_RULES = 'arn:*:ec2:*:*:security-group-rule/*';

const ingressGrants: readonly Grant[] = [
  { action: 'ec2:RevokeSecurityGroupIngress', resource: GROUPS },
  { action: 'ec2:AuthorizeSecurityGroupIngress', resource: [GROUPS, GROUP_RULES] },
];

export const ec2RestrictAdminPortsIpv4 = defineRule({
  command: 'EC2_RESTRICT_ADMIN_PORTS_IPV4',
  title: 'Security groups do not open administration ports to the IPv4 internet',
  rationale: 'Anyone who can reach SSH or RDP can guess passwords and try every known flaw of the server.',
  severity: 'high',
  resourceType: SECURITY_GROUP,
  resource: ec2Shape('security-group'),
  deploy: 'every-region',
  impact: 'Administrators who connect over the internet lose that way in. Open connections may stay up.',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.3': ['5.2'],
    'cis-1.4': ['5.2'],
    'cis-1.5': ['5.2'],
    'cis-2.0': ['5.2'],
    'cis-3.0': ['5.2'],
    'cis-4.0': ['5.3'],
    'cis-4.0.1': ['5.3'],
    'cis-5.0': ['5.3'],
    'cis-6.0': ['6.3'],
    'cis-7.0': ['6.3'],
    'aws-fsbp': ['EC2.53'],
  },
  equivalents: {
    config: ['VPC_SG_PORT_RESTRICTION_CHECK'],
    securityHub: ['EC2.53'],
    prowler: [
      'ec2_securitygroup_allow_ingress_from_internet_to_all_ports',
      'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_22',
      'ec2_securitygroup_allow_ingress_from_internet_to_tcp_port_3389',
    ],
    steampipe: ['vpc_security_group_remote_administration', 'vpc_security_group_remote_administration_ipv4'],
    custodian: ['security-group: ingress (Ports, Cidr/CidrV6)'],
  },
  parameters: Parameters,
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['ec2:DescribeSecurityGroups', 'ec2:GetManagedPrefixListEntries'],
    get: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules', 'ec2:GetManagedPrefixListEntries'],
    fix: ingressGrants,
    undo: [
      ...ingressGrants,
      {
        // An undo restores the tags of a rule.
        action: 'ec2:CreateTags',
        resource: GROUP_RULES,
        condition: { StringEquals: { 'ec2:CreateAction': 'AuthorizeSecurityGroupIngress' } },
        implied: true,
      },
    ],
  },

  observe: { item: parseItem, get: getSecurityGroup, list: listSecurityGroups },

  judge: ({ ownerId, ingress, prefixLists }, { parameters, accountId }) => {
    if (ownerId !== accountId) return notApplicable(`Account ${ownerId} owns this shared security group.`);
    const open = openPorts(ingress, prefixLists, parameters);
    if (open.length > 0) return nonCompliant(describeOpen(open));
    const unread = unreadLists(ingress, prefixLists, parameters.ports);
    return unread.length === 0
      ? compliant()
      : nonCompliant(`Not proven: ${describeUnread(unread, prefixLists)}`);
  },

  fix: fixIngress,

  undo: {
    operations: [
      operation(EC2Client, AuthorizeSecurityGroupIngressCommand),
      operation(EC2Client, RevokeSecurityGroupIngressCommand),
    ],
  },
});
