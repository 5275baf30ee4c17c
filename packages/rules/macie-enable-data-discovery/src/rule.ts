import {
  DisableMacieCommand,
  Macie2Client,
  UpdateAutomatedDiscoveryConfigurationCommand,
  UpdateMacieSessionCommand,
} from '@aws-sdk/client-macie2';
import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  observeAccount,
  operation,
} from '@compliance/core/rule';
import * as z from 'zod';

import { enableMacie } from './enable-macie.ts';
import { Facts, observeMacie } from './macie.ts';

const READS = [
  'macie2:GetMacieSession',
  'macie2:GetAutomatedDiscoveryConfiguration',
  'macie2:ListAutomatedDiscoveryAccounts',
  's3:ListAllMyBuckets',
];
const UPDATES = ['macie2:UpdateMacieSession', 'macie2:UpdateAutomatedDiscoveryConfiguration'];

export const rule = defineRule({
  command: 'MACIE_ENABLE_DATA_DISCOVERY',
  title: 'Macie is on in every Region that has buckets',
  rationale: 'Only those who know where their sensitive data is can protect it.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  deploy: 'every-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.4': ['2.1.4'],
    'cis-1.5': ['2.1.4'],
    'cis-2.0': ['2.1.3'],
    'cis-3.0': ['2.1.3'],
    'cis-4.0': ['2.1.3'],
    'cis-4.0.1': ['2.1.3'],
    'cis-5.0': ['2.1.3'],
    'cis-6.0': ['3.1.3'],
    'cis-7.0': ['3.1.3'],
    'aws-fsbp': ['Macie.1'],
  },
  equivalents: {
    config: ['MACIE_STATUS_CHECK', 'MACIE_AUTO_SENSITIVE_DATA_DISCOVERY_CHECK'],
    securityHub: ['Macie.1', 'Macie.2'],
    prowler: ['macie_is_enabled'],
    steampipe: ['s3_bucket_protected_by_macie'],
    custodian: ['account: check-macie'],
  },
  partly:
    'That all required data is discovered, classified and secured, by jobs of Macie or another tool: Macie being on does not say it.',
  parameters: z.object({
    requireAutomatedDiscovery: z
      .boolean()
      .default(false)
      .describe('Macie must also discover sensitive data automatically, which costs by bucket and GB.'),
    onlyRegionsWithBuckets: z
      .boolean()
      .default(true)
      .describe('A Region without a bucket does not need Macie.'),
  }),
  facts: Facts,
  permissions: {
    list: READS,
    get: READS,
    fix: [
      'macie2:EnableMacie',
      ...UPDATES,
      // The first Region of an account creates the role of the service.
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: 'arn:*:iam::*:role/aws-service-role/macie.amazonaws.com/*',
        condition: { StringEquals: { 'iam:AWSServiceName': 'macie.amazonaws.com' } },
        implied: true,
      },
    ],
    undo: ['macie2:DisableMacie', ...UPDATES],
  },

  observe: observeAccount(observeMacie),

  judge: ({ status, automatedDiscovery, buckets }, { parameters, region }) => {
    if (!buckets && parameters.onlyRegionsWithBuckets)
      return notApplicable(`The account has no bucket in ${region}.`);
    if (status !== 'ENABLED') return nonCompliant(`Macie is ${status} in ${region}.`);
    return automatedDiscovery || !parameters.requireAutomatedDiscovery
      ? compliant()
      : nonCompliant(`Macie discovers no sensitive data automatically in ${region}.`);
  },

  fix: (input) => enableMacie(input),

  undo: {
    operations: [
      operation(Macie2Client, DisableMacieCommand),
      operation(Macie2Client, UpdateMacieSessionCommand),
      operation(Macie2Client, UpdateAutomatedDiscoveryConfigurationCommand),
    ],
  },
});
