import {
  EnableOrganizationsRootCredentialsManagementCommand,
  EnableOrganizationsRootSessionsCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { describeRuleContract } from '@compliance/core/testing';
import { managementAccount, trusting } from '@compliance/organization/testing';

import { rule } from '../src/rule.ts';

const trustsIam = trusting('iam.amazonaws.com');

describeRuleContract(rule, {
  parameters: { requireRootSessions: true },
  compliant: {
    'an organization with both features': managementAccount(trustsIam, async (admin) => {
      const client = admin.client(IAMClient);
      await client.send(new EnableOrganizationsRootCredentialsManagementCommand({}));
      await client.send(new EnableOrganizationsRootSessionsCommand({}));
    }),
  },
  nonCompliant: {
    'an organization that does not trust IAM': managementAccount(),
    'an organization with sessions alone': managementAccount(trustsIam, async (admin) => {
      await admin.client(IAMClient).send(new EnableOrganizationsRootSessionsCommand({}));
    }),
  },
  notApplicable: {
    'an account in no organization': async (admin) => ({
      resourceType: 'AWS::::Account',
      resourceId: admin.accountId,
    }),
  },
  notIn: ['aws-cn'],
});
