import {
  BatchDisableStandardsCommand,
  DisableSecurityHubCommand,
  SecurityHubClient,
} from '@aws-sdk/client-securityhub';
import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  observeAccount,
  operation,
} from '@compliance/core/rule';

import { enableHub } from './enable-hub.ts';
import { Facts, observeHub } from './hub.ts';
import { Parameters } from './parameters.ts';

const READS = ['securityhub:GetEnabledStandards'];

const HUB = 'arn:*:securityhub:*:*:hub/default';

export const rule = defineRule({
  command: 'SECURITYHUB_ENABLE',
  title: 'Security Hub is on in every Region',
  rationale: 'It collects the findings of other services in one place, so that they are read at all.',
  severity: 'high',
  resourceType: ACCOUNT_TYPE,
  deploy: 'every-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.5': ['4.16'],
    'cis-2.0': ['4.16'],
    'cis-3.0': ['4.16'],
    'cis-4.0': ['4.16'],
    'cis-4.0.1': ['4.16'],
    'cis-5.0': ['4.16'],
    'cis-6.0': ['5.16'],
    'cis-7.0': ['5.16'],
  },
  equivalents: {
    config: ['SECURITYHUB_ENABLED'],
    prowler: ['securityhub_enabled'],
    steampipe: ['securityhub_enabled'],
    custodian: ['account: securityhub'],
  },
  parameters: Parameters,
  facts: Facts,
  permissions: {
    list: READS,
    get: READS,
    fix: [
      { action: 'securityhub:EnableSecurityHub', resource: HUB },
      { action: 'securityhub:BatchEnableStandards', resource: HUB },
      // The first Region of an account creates the role of the service.
      {
        action: 'iam:CreateServiceLinkedRole',
        resource: 'arn:*:iam::*:role/aws-service-role/securityhub.amazonaws.com/*',
        condition: { StringEquals: { 'iam:AWSServiceName': 'securityhub.amazonaws.com' } },
        implied: true,
      },
    ],
    undo: [
      { action: 'securityhub:DisableSecurityHub', resource: HUB },
      { action: 'securityhub:BatchDisableStandards', resource: HUB },
    ],
  },

  observe: observeAccount(observeHub),

  // A hub without a standard counts, unless the settings require one: it still collects what others find.
  judge: ({ enabled, standards }, { parameters, region }) => {
    if (parameters.excludedRegions.includes(region))
      return notApplicable(`The settings exclude ${region} from Security Hub.`);
    if (!enabled) return nonCompliant(`Security Hub is off in ${region}.`);
    const gaps = parameters.requireStandards.flatMap((required) => {
      const status = standards.find(({ name }) => name === required)?.status ?? 'absent';
      return status === 'READY' ? [] : [`${required.slice(0, 70)} is ${status}`];
    });
    if (gaps.length === 0) return compliant();
    const more = gaps.length > SHOWN ? ` and ${gaps.length - SHOWN} more` : '';
    return nonCompliant(
      `Standards of Security Hub are not READY: ${gaps.slice(0, SHOWN).join(', ')}${more}.`,
    );
  },

  fix: (input) => enableHub(input),

  undo: {
    operations: [
      operation(SecurityHubClient, DisableSecurityHubCommand),
      operation(SecurityHubClient, BatchDisableStandardsCommand),
    ],
  },
});

const SHOWN = 2;
