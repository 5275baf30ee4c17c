import { EC2Client, ModifyVpcEndpointCommand } from '@aws-sdk/client-ec2';
import { compliant, defineRule, nonCompliant, notApplicable, operation } from '@compliance/core/rule';
import { VPC, vpcShape } from '@compliance/vpc-network';
import * as z from 'zod';

import { deleteEndpoints, fixGaps } from './fix-gaps.ts';
import { describeGaps, gapsOf } from './gaps.ts';
import { Facts, Handles, observe } from './observe.ts';

const reads = [
  'ec2:DescribeVpcs',
  'ec2:DescribeVpcEndpoints',
  'ec2:DescribeRouteTables',
  'ec2:DescribeSubnets',
];

const onEndpoints = (action: string) => ({
  action,
  resource: ['arn:*:ec2:*:*:vpc-endpoint/*', 'arn:*:ec2:*:*:vpc/*', 'arn:*:ec2:*:*:route-table/*'],
});

export const rule = defineRule({
  command: 'VPC_USE_SERVICE_ENDPOINTS',
  title: 'VPCs reach AWS services through VPC endpoints',
  rationale:
    'Traffic to a service by its public addresses needs a way to the internet, which then is open for all else too.',
  severity: 'medium',
  resourceType: VPC,
  resource: vpcShape,
  deploy: 'every-region',
  triggers: ['change', 'schedule'],
  impact:
    'Open connections to the service break when routes change. A policy that names the public addresses of the VPC no longer matches: it needs aws:SourceVpce.',
  controls: { 'cis-7.0': ['6.8'] },
  partly:
    'Which services a VPC needs: the parameter services names them. Whether the policy of an endpoint is narrow enough.',
  equivalents: {
    config: ['SERVICE_VPC_ENDPOINT_ENABLED'],
    securityHub: ['EC2.10'],
    custodian: ['vpc / vpc-endpoint filters'],
  },
  parameters: z.object({
    services: z
      .array(z.string().regex(/^[a-z0-9.-]+$/))
      .min(1)
      .default(['s3', 'dynamodb'])
      .describe(
        'The services that need an endpoint, by the end of their names: s3 of com.amazonaws.eu-west-1.s3.',
      ),
    inScopeVpcTag: z
      .string()
      .min(1)
      .nullable()
      .default(null)
      .describe('The key of the tag of the VPCs that are judged. null: all.'),
    excludeDefaultVpcs: z.boolean().default(true).describe('Do not judge the default VPC of a Region.'),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    list: reads,
    get: reads,
    fix: [onEndpoints('ec2:CreateVpcEndpoint'), onEndpoints('ec2:ModifyVpcEndpoint')],
    undo: [onEndpoints('ec2:DeleteVpcEndpoints'), onEndpoints('ec2:ModifyVpcEndpoint')],
  },

  observe,

  judge: (facts, { parameters, accountId, region }) => {
    const { services, inScopeVpcTag: tag, excludeDefaultVpcs } = parameters;
    if (facts.ownerId !== accountId) return notApplicable(`Account ${facts.ownerId} owns this shared VPC.`);
    if (facts.isDefault && excludeDefaultVpcs) return notApplicable('It is the default VPC.');
    if (tag !== null && !facts.tagKeys.includes(tag)) return notApplicable(`It has no tag ${tag}.`);
    if (facts.routeTables.length === 0) return notApplicable('The VPC has no subnet.');
    const gaps = gapsOf(facts, services, region);
    return gaps.length === 0 ? compliant() : nonCompliant(describeGaps(gaps));
  },

  fix: (input) => fixGaps(input),

  undo: { operations: [deleteEndpoints, operation(EC2Client, ModifyVpcEndpointCommand)] },
});
