import {
  AuthorizeSecurityGroupEgressCommand,
  AuthorizeSecurityGroupIngressCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import {
  change,
  compliant,
  defineRule,
  firstOf,
  nonCompliant,
  notApplicable,
  operation,
} from '@compliance/core/rule';
import {
  authorizeGrant,
  ownedBy,
  restoreTagsGrant,
  revokeEgress,
  revokeGrant,
  revokeIngress,
  SECURITY_GROUP,
  securityGroupShape,
} from '@compliance/security-group-ingress';
import * as z from 'zod';

import { describeRule, permissionOf } from './group-rules.ts';
import { Facts, Handles, observe } from './observe.ts';

export const rule = defineRule({
  command: 'EC2_RESTRICT_DEFAULT_SECURITY_GROUP',
  title: 'The default security group of each VPC has no rules',
  rationale:
    'Whatever is launched without a security group gets the default one, and with it all access that its rules give.',
  severity: 'high',
  resourceType: SECURITY_GROUP,
  resource: securityGroupShape,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  impact: 'Whatever still uses the default group, or is launched with it later, has no network access.',
  controls: {
    'cis-1.2': ['4.3'],
    'cis-1.3': ['5.3'],
    'cis-1.4': ['5.3'],
    'cis-1.5': ['5.4'],
    'cis-2.0': ['5.4'],
    'cis-3.0': ['5.4'],
    'cis-4.0': ['5.5'],
    'cis-4.0.1': ['5.5'],
    'cis-5.0': ['5.5'],
    'cis-6.0': ['6.5'],
    'cis-7.0': ['6.5'],
    'aws-fsbp': ['EC2.2'],
  },
  equivalents: {
    config: ['VPC_DEFAULT_SECURITY_GROUP_CLOSED'],
    securityHub: ['EC2.2'],
    prowler: ['ec2_securitygroup_default_restrict_traffic'],
    steampipe: ['vpc_default_security_group_restricts_all_traffic'],
    custodian: ['security-group: GroupName default + ingress/egress'],
  },
  parameters: z.object({
    onlyIfUnused: z
      .boolean()
      .default(true)
      .describe('Leave the group to a person while a network interface uses it.'),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['ec2:DescribeSecurityGroups'],
    get: ['ec2:DescribeSecurityGroups', 'ec2:DescribeSecurityGroupRules', 'ec2:DescribeNetworkInterfaces'],
    fix: [revokeGrant('Ingress'), revokeGrant('Egress')],
    undo: [
      authorizeGrant('Ingress'),
      authorizeGrant('Egress'),
      restoreTagsGrant('Ingress'),
      restoreTagsGrant('Egress'),
    ],
  },

  observe,

  judge: ({ ownerId, isDefault, rules }, { accountId }) => {
    if (ownerId !== accountId) return ownedBy(ownerId);
    if (!isDefault) return notApplicable('It is not the default security group of a VPC.');
    if (rules.length === 0) return compliant();
    return nonCompliant(
      `The default security group allows ${firstOf(rules.map(describeRule), 3, LONGEST_RULE)}.`,
    );
  },

  fix: ({ resource: { resourceId }, handles: { rules, interfaces }, parameters: { onlyIfUnused } }) => {
    if (onlyIfUnused && interfaces.length > 0)
      return {
        manual: `Give what uses the default group ${resourceId} another group: ${firstOf(interfaces)}.`,
      };
    return change<Facts>({
      description: `Revoke all rules of the default group ${resourceId}${interfaces.length > 0 ? ` (used by ${firstOf(interfaces)})` : ''}`,
      risk: 'disruptive',
      steps: rules.map((one) =>
        (one.direction === 'ingress' ? revokeIngress : revokeEgress)(resourceId, {
          ...one,
          permission: permissionOf(one),
        }),
      ),
      inCode: { terraform: 'aws_default_security_group: no ingress and no egress' },
    });
  },

  undo: {
    operations: [
      operation(EC2Client, AuthorizeSecurityGroupIngressCommand),
      operation(EC2Client, AuthorizeSecurityGroupEgressCommand),
    ],
  },
});

/** `icmpv6 128-65535 from` and the longest CIDR. */
const LONGEST_RULE = 66;
