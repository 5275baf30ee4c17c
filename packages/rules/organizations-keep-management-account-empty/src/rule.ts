import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  shortened,
} from '@compliance/core/rule';
import { NO_ORGANIZATION, observeOrganization } from '@compliance/organization';
import * as z from 'zod';

import { ManagementAccount, readManagementAccount, WORKLOAD_TYPES } from './workloads.ts';

const READS = [
  'organizations:DescribeOrganization',
  'ec2:DescribeRegions',
  'config:DescribeConfigurationRecorderStatus',
  'config:SelectResourceConfig',
];

export const rule = defineRule({
  command: 'ORGANIZATIONS_KEEP_MANAGEMENT_ACCOUNT_EMPTY',
  title: 'The management account runs no workloads',
  rationale:
    'No policy of the organization restricts the management account, so a workload there is without guardrails.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  only: 'management-account',
  // One verdict for all Regions.
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: { 'cis-7.0': ['2.1.3'] },
  partly:
    'Types of resources that are not in workloadResourceTypes, and Regions that AWS Config does not record.',
  parameters: z.object({
    workloadResourceTypes: z
      .array(z.enum(WORKLOAD_TYPES))
      .default([
        'AWS::EC2::Instance',
        'AWS::Lambda::Function',
        'AWS::ECS::Cluster',
        'AWS::RDS::DBInstance',
        'AWS::DynamoDB::Table',
        'AWS::ApiGateway::RestApi',
        'AWS::ElasticLoadBalancingV2::LoadBalancer',
      ])
      .describe('The types of resources that are workloads.'),
    allowedTags: z
      .record(z.string(), z.string())
      .default({})
      .describe(
        'Tags of resources that govern the organization, such as the functions and the table of this product. One of them is enough.',
      ),
    maxAllowed: z.int().min(0).default(0).describe('How many workloads are accepted.'),
  }),
  facts: z.object({ organization: ManagementAccount.nullable() }),
  permissions: { list: READS, get: READS, fix: [], undo: [] },

  observe: observeOrganization(readManagementAccount),

  judge: ({ organization }, { accountId, region, parameters }) => {
    if (!organization) return notApplicable(NO_ORGANIZATION);
    if (organization.accountId !== accountId)
      return notApplicable(`The management account is ${shortened(organization.accountId)}.`);
    const types: readonly string[] = parameters.workloadResourceTypes;
    const allowed = Object.entries(parameters.allowedTags).map(([key, value]) => `${key}=${value}`);
    const workloads = organization.workloads.filter(
      ({ resourceType, tags }) => types.includes(resourceType) && !tags.some((tag) => allowed.includes(tag)),
    );
    const [first] = workloads;
    if (first && workloads.length > parameters.maxAllowed)
      return nonCompliant(
        `The management account has ${count(workloads)}, such as ${shortened(first.resourceType)} ${shortened(first.resourceId, 80)} in ${shortened(first.region)}.`,
      );
    if (!organization.isRecorded)
      return nonCompliant(
        `AWS Config does not record ${region}: nobody knows what the management account runs.`,
      );
    return compliant();
  },

  guidance:
    'Move the workloads to member accounts. Tag what governs the organization, and name the tag in allowedTags.',
});

const count = ({ length }: readonly unknown[]): string =>
  length === 1 ? 'a workload' : `${length} workloads`;
