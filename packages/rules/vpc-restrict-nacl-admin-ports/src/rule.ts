import { CreateNetworkAclEntryCommand, DeleteNetworkAclEntryCommand, EC2Client } from '@aws-sdk/client-ec2';
import { compliant, defineRule, nonCompliant, notApplicable, operation } from '@compliance/core/rule';
import { NETWORK_ACL, networkAclShape } from '@compliance/vpc-network';
import * as z from 'zod';

import { describeExposures, exposures } from './exposures.ts';
import { fixEntries } from './fix-entries.ts';
import { Facts, Handles, observe } from './observe.ts';

const onAcls = (action: string) => ({ action, resource: 'arn:*:ec2:*:*:network-acl/*' });

const entryGrants = [onAcls('ec2:CreateNetworkAclEntry'), onAcls('ec2:DeleteNetworkAclEntry')];

export const rule = defineRule({
  command: 'VPC_RESTRICT_NACL_ADMIN_PORTS',
  title: 'Network ACLs do not open administration ports to the internet',
  rationale: 'A network ACL still protects a whole subnet when somebody opens one security group too far.',
  severity: 'medium',
  resourceType: NETWORK_ACL,
  resource: networkAclShape,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  impact:
    'From outside of the subnets, only what an earlier entry allows still reaches the ports. An ACL is stateless: answers to a client that uses such a port itself are lost too. In mode removeAllow, all that the deleted entries allowed is lost.',
  controls: {
    'cis-1.3': ['5.1'],
    'cis-1.4': ['5.1'],
    'cis-1.5': ['5.1'],
    'cis-2.0': ['5.1'],
    'cis-3.0': ['5.1'],
    'cis-4.0': ['5.2'],
    'cis-4.0.1': ['5.2'],
    'cis-5.0': ['5.2'],
    'cis-6.0': ['6.2'],
    'cis-7.0': ['6.2'],
    'aws-fsbp': ['EC2.21'],
  },
  equivalents: {
    config: ['NACL_NO_UNRESTRICTED_SSH_RDP'],
    securityHub: ['EC2.21'],
    prowler: [
      'ec2_networkacl_allow_ingress_any_port',
      'ec2_networkacl_allow_ingress_tcp_port_22',
      'ec2_networkacl_allow_ingress_tcp_port_3389',
    ],
    steampipe: ['vpc_network_acl_remote_administration'],
    custodian: ['network-acl: value filter / s3-cidr'],
  },
  parameters: z.object({
    ports: z
      .array(z.int().min(0).max(65_535))
      .min(1)
      .default([22, 3389])
      .describe('The administration ports, over TCP and UDP.'),
    maxOpenShare: z
      .number()
      .min(0)
      .lt(1)
      .default(0.5)
      .describe(
        'The share of the IPv4 or IPv6 internet to which a port may be open, by all entries of an ACL together: 0.5 is half. Private and reserved addresses do not count.',
      ),
    fixMode: z
      .enum(['insertDeny', 'removeAllow'])
      .default('insertDeny')
      .describe(
        'insertDeny: deny the ports before the entry that opens them. removeAllow: delete that entry, and with it all other traffic that it allows.',
      ),
    ignoreUnassociated: z.boolean().default(false).describe('Do not judge ACLs that no subnet has.'),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['ec2:DescribeNetworkAcls'],
    get: ['ec2:DescribeNetworkAcls'],
    fix: entryGrants,
    undo: entryGrants,
  },

  observe,

  judge: ({ ownerId, associated, entries }, { parameters, accountId }) => {
    if (ownerId !== accountId) return notApplicable(`Account ${ownerId} owns this shared network ACL.`);
    if (!associated && parameters.ignoreUnassociated) return notApplicable('No subnet has the network ACL.');
    const exposed = exposures(entries, parameters);
    return exposed.length === 0 ? compliant() : nonCompliant(describeExposures(exposed));
  },

  fix: (input) => fixEntries(input),

  undo: {
    operations: [
      operation(EC2Client, CreateNetworkAclEntryCommand),
      operation(EC2Client, DeleteNetworkAclEntryCommand),
    ],
  },
});
