import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  change,
  compliant,
  defineRule,
  ec2Shape,
  nonCompliant,
  notApplicable,
  operation,
} from '@compliance/core/rule';
import * as z from 'zod';

import { describePorts } from './ingress.ts';
import { ipv4Cover } from './ipv4-share.ts';
import {
  Facts,
  Handles,
  SECURITY_GROUP,
  listSecurityGroups,
  parseItem,
  getSecurityGroup,
} from './observe.ts';
import { openPorts, type OpenPort } from './open-ports.ts';
import { authorize, revoke } from './steps.ts';

export const ec2RestrictAdminPortsIpv4 = defineRule({
  command: 'EC2_RESTRICT_ADMIN_PORTS_IPV4',
  title: 'Security groups do not open administration ports to the IPv4 internet',
  rationale: 'Anyone who can reach SSH or RDP can guess passwords and try every known flaw of the server.',
  severity: 'high',
  resourceType: SECURITY_GROUP,
  resource: ec2Shape('security-group'),
  deploy: 'every-region',
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
  parameters: z.object({
    ports: z.array(z.int().min(0).max(65_535)).min(1).default([22, 3389]),
    /** CIDRs that a fix admits on the same ports instead of the sources it revokes. */
    replacementCidrs: z
      .array(z.cidrv4())
      .refine((cidrs) => ipv4Cover(cidrs).size === 0, 'These CIDRs admit all of IPv4 again.')
      .default([]),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['ec2:DescribeSecurityGroups', 'ec2:GetManagedPrefixListEntries'],
    get: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules', 'ec2:GetManagedPrefixListEntries'],
    fix: ['ec2:RevokeSecurityGroupIngress', 'ec2:AuthorizeSecurityGroupIngress'],
    undo: [
      'ec2:RevokeSecurityGroupIngress',
      'ec2:AuthorizeSecurityGroupIngress',
      {
        // An undo restores the tags of a rule.
        action: 'ec2:CreateTags',
        resource: 'arn:*:ec2:*:*:security-group-rule/*',
        condition: { StringEquals: { 'ec2:CreateAction': 'AuthorizeSecurityGroupIngress' } },
        implied: true,
      },
    ],
  },

  observe: { item: parseItem, get: getSecurityGroup, list: listSecurityGroups },

  judge: ({ ownerId, ingress, prefixLists }, { parameters: { ports }, accountId }) => {
    if (ownerId !== accountId) return notApplicable(`Account ${ownerId} owns this shared security group.`);
    const open = openPorts(ingress, prefixLists, ports);
    return open.length === 0
      ? compliant()
      : nonCompliant(`All of IPv4 can reach ${portsIn(open)}, through ${sourcesIn(open)}.`);
  },

  fix: ({ resource: { resourceId }, facts, handles, parameters: { ports, replacementCidrs } }) => {
    const open = openPorts(handles.rules, facts.prefixLists, ports);
    const violating = [...new Set(open.flatMap(({ through }) => through))];
    return change({
      description: `Revoke the rules that let all of IPv4 reach ${portsIn(open)} of ${resourceId}`,
      risk: 'disruptive',
      steps: [
        // Authorize before revoking, so that replacements never lose access.
        ...authorize(resourceId, violating, replacementCidrs),
        ...violating.map((rule) => revoke(resourceId, rule)),
      ],
      inCode: {
        terraform: `aws_vpc_security_group_ingress_rule, or ingress of aws_security_group: no rule for ${portsIn(open)} from ${sourcesIn(open)}`,
        cloudFormation: `AWS::EC2::SecurityGroup: no SecurityGroupIngress for ${portsIn(open)} from ${sourcesIn(open)}`,
      },
    });
  },

  undo: {
    operations: [
      operation(EC2Client, AuthorizeSecurityGroupIngressCommand),
      operation(EC2Client, RevokeSecurityGroupIngressCommand),
    ],
  },
});

const portsIn = (open: readonly OpenPort[]) =>
  enumerate(open.map(({ protocol, port }) => `${protocol} ${port}`));

const sourcesIn = (open: readonly OpenPort[]) =>
  enumerate(open.flatMap(({ through }) => through.map((from) => `${from.source} (${describePorts(from)})`)));

/** Joins the first three items, because an annotation has 256 characters at most. */
const enumerate = (items: readonly string[]): string => {
  const all = [...new Set(items)];
  const shown = all.slice(0, 3).join(', ');
  return all.length > 3 ? `${shown} and ${all.length - 3} more` : shown;
};
