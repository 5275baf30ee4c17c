import {
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
  RevokeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import {
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  operation,
  type Rule,
} from '@compliance/core/rule';

import type { Family } from './cidr.ts';
import { describeOpen, describeUnread } from './describe.ts';
import { fixIngress } from './fix-ingress.ts';
import { authorizeGrant, restoreTagsGrant, revokeGrant } from './grants.ts';
import { Facts, Handles, observeIngress } from './observe.ts';
import { openPorts, unreadLists } from './open-ports.ts';
import { ingressParameters, type Parameters } from './parameters.ts';
import { SECURITY_GROUP, securityGroupShape } from './security-groups.ts';

interface IngressRestriction extends Pick<
  Rule,
  'command' | 'title' | 'rationale' | 'controls' | 'equivalents' | 'impact'
> {
  readonly ports: readonly number[];
  /** The ports in a description: `administration ports`. */
  readonly portsAre: string;
  readonly families: readonly Family[];
}

/** Defines a rule that security groups do not open these ports to the internet. */
export const restrictIngress = ({
  ports,
  portsAre,
  families,
  equivalents,
  ...rule
}: IngressRestriction): Rule<Facts, Parameters, Handles> =>
  defineRule({
    ...rule,
    severity: 'high',
    resourceType: SECURITY_GROUP,
    resource: securityGroupShape,
    deploy: 'every-region',
    triggers: ['change', 'schedule'],
    equivalents: { custodian: ['security-group: ingress (Ports, Cidr/CidrV6)'], ...equivalents },
    parameters: ingressParameters(ports, families, portsAre),
    facts: Facts,
    handles: Handles,
    permissions: {
      list: ['ec2:DescribeSecurityGroups', 'ec2:GetManagedPrefixListEntries'],
      get: [
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSecurityGroupRules',
        'ec2:DescribeNetworkInterfaces',
        'ec2:GetManagedPrefixListEntries',
      ],
      fix: [revokeGrant('Ingress'), authorizeGrant('Ingress')],
      undo: [revokeGrant('Ingress'), authorizeGrant('Ingress'), restoreTagsGrant('Ingress')],
    },

    observe: observeIngress(families),

    judge: ({ ownerId, ingress, prefixLists }, { parameters, accountId }) => {
      if (ownerId !== accountId) return ownedBy(ownerId);
      const open = openPorts(ingress, prefixLists, { ...parameters, families });
      if (open.length > 0) return nonCompliant(describeOpen(open));
      const unread = unreadLists(ingress, prefixLists, parameters.ports);
      return unread.length === 0
        ? compliant()
        : nonCompliant(`Not proven: ${describeUnread(unread, prefixLists)}`);
    },

    fix: (input) => fixIngress({ ...input, parameters: { ...input.parameters, families } }),

    undo: {
      operations: [
        operation(EC2Client, AuthorizeSecurityGroupIngressCommand),
        operation(EC2Client, RevokeSecurityGroupIngressCommand),
      ],
    },
  });

/** The verdict on a group that another account shares: only its owner can change it. */
export const ownedBy = (ownerId: string) =>
  notApplicable(`Account ${ownerId} owns this shared security group.`);
