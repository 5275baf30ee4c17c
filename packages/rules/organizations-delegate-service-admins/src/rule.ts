import { CloudTrailClient, DeregisterOrganizationDelegatedAdminCommand } from '@aws-sdk/client-cloudtrail';
import { DeregisterDelegatedAdministratorCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import {
  ACCOUNT_TYPE,
  AccountId,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  operation,
} from '@compliance/core/rule';
import { NO_ORGANIZATION, observeOrganization } from '@compliance/organization';
import * as z from 'zod';

import { gapsOf } from './gaps.ts';
import { fixGrants, READS, undoGrants } from './permissions.ts';
import { registerDelegates } from './register-delegates.ts';
import { readServices, ServicePrincipal, Services } from './services.ts';

export const rule = defineRule({
  command: 'ORGANIZATIONS_DELEGATE_SERVICE_ADMINS',
  title: 'Services of the organization are administered by a member account',
  rationale:
    'Those who administer security services would otherwise work in the account that owns all others.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  only: 'management-account',
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: { 'cis-7.0': ['2.1.6'] },
  equivalents: { prowler: ['organizations_delegated_administrators'] },
  partly:
    'Services that the organization does not trust, and so does not use. GuardDuty, Security Hub and others have an administrator in each Region: one Region is enough here.',
  parameters: z.object({
    services: z
      .array(ServicePrincipal)
      .default([
        'cloudtrail.amazonaws.com',
        'config.amazonaws.com',
        'guardduty.amazonaws.com',
        'securityhub.amazonaws.com',
        'access-analyzer.amazonaws.com',
      ])
      .describe('The services that must be delegated where the organization uses them.'),
    delegateAccountIds: z
      .array(AccountId)
      .default([])
      .describe('The accounts that may administer services; a fix registers the first. Empty: any member.'),
  }),
  needs: ['delegateAccountIds'],
  impact: 'The delegate gains power over the service in every account. Nobody loses access.',
  facts: z.object({ organization: Services.nullable() }),
  permissions: { list: READS, get: READS, fix: fixGrants, undo: undoGrants },

  observe: observeOrganization(readServices),

  judge: ({ organization }, { parameters }) => {
    if (!organization) return notApplicable(NO_ORGANIZATION);
    const gaps = gapsOf(organization, parameters);
    if (gaps.length === 0) return compliant();
    const shown = gaps
      .slice(0, SHOWN)
      .map(({ principal, delegates: [other] }) => `${principal} (${other ?? 'nobody'})`);
    const more = gaps.length > SHOWN ? ` and ${gaps.length - SHOWN} more` : '';
    return nonCompliant(`Services without a trusted delegated administrator: ${shown.join(', ')}${more}.`);
  },

  fix: ({ facts: { organization }, parameters }) =>
    registerDelegates(gapsOf(organization ?? [], parameters), parameters.delegateAccountIds[0]),

  undo: {
    operations: [
      operation(OrganizationsClient, DeregisterDelegatedAdministratorCommand),
      operation(CloudTrailClient, DeregisterOrganizationDelegatedAdminCommand),
    ],
  },
});

const SHOWN = 4;
