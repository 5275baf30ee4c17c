import { OrganizationsClient, RegisterDelegatedAdministratorCommand } from '@aws-sdk/client-organizations';
import type { Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';
import { managementAccount, trusting, withMember } from '@compliance/organization/testing';

import { rule } from '../src/rule.ts';

const SECURITY = '999988887777';
const OTHER = '444455556666';

const delegated =
  (AccountId: string, ...principals: readonly string[]) =>
  async (admin: Session) => {
    for (const ServicePrincipal of principals)
      await admin
        .client(OrganizationsClient)
        .send(new RegisterDelegatedAdministratorCommand({ AccountId, ServicePrincipal }));
  };

describeRuleContract(rule, {
  parameters: { delegateAccountIds: [SECURITY] },
  compliant: {
    'an organization that uses none of the services': managementAccount(trusting('ram.amazonaws.com')),
    'an organization with a delegate for the services that it uses': managementAccount(
      withMember(SECURITY),
      trusting('config.amazonaws.com', 'guardduty.amazonaws.com', 'ram.amazonaws.com'),
      delegated(SECURITY, 'config.amazonaws.com', 'guardduty.amazonaws.com'),
    ),
  },
  nonCompliant: {
    'an organization without a delegate': managementAccount(
      withMember(SECURITY),
      trusting('cloudtrail.amazonaws.com', 'config.amazonaws.com', 'access-analyzer.amazonaws.com'),
    ),
  },
  manual: {
    'an organization whose delegate is another account': managementAccount(
      withMember(OTHER),
      trusting('config.amazonaws.com'),
      delegated(OTHER, 'config.amazonaws.com'),
    ),
    'an organization in which only a service with a call of its own is left': managementAccount(
      withMember(SECURITY),
      trusting('guardduty.amazonaws.com'),
    ),
  },
  notApplicable: {
    'an account in no organization': async (admin) => ({
      resourceType: 'AWS::::Account',
      resourceId: admin.accountId,
    }),
  },
});
