import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  firstOf,
  nonCompliant,
  notApplicable,
} from '@compliance/core/rule';
import { REPORT_PERMISSIONS, observeReport, userRows } from '@compliance/iam-credential-report';
import * as z from 'zod';

export const rule = defineRule({
  command: 'IAM_FEDERATE_USERS',
  title: 'Human users are managed in an identity provider, not as local IAM users',
  rationale:
    'Who leaves the company loses access in the identity provider, and keeps it as an IAM user of some account.',
  severity: 'low',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.3': ['1.22'],
    'cis-1.4': ['1.21'],
    'cis-1.5': ['1.21'],
    'cis-2.0': ['1.21'],
    'cis-3.0': ['1.21'],
    'cis-4.0': ['1.21'],
    'cis-4.0.1': ['1.21'],
    'cis-5.0': ['1.20'],
    'cis-6.0': ['2.20'],
    'cis-7.0': ['2.19'],
  },
  equivalents: {
    prowler: ['iam_check_saml_providers_sts'],
    custodian: ['iam-saml-provider / iam-user: credential'],
  },
  partly:
    'Persons who use an IAM user without a password, by its access keys. Whether an identity provider is set up: its mere existence proves nothing.',
  parameters: z.object({
    allowedLocalConsoleUsers: z
      .array(z.string())
      .default([])
      .describe('Names of IAM users that may have a password, such as those for emergencies.'),
    identityAccountIds: z
      .array(z.string())
      .default([])
      .describe('Accounts that may hold IAM users for persons.'),
  }),
  facts: z.object({ consoleUsers: z.array(z.string()) }),
  permissions: REPORT_PERMISSIONS,

  observe: observeReport((rows) => ({
    consoleUsers: userRows(rows)
      .filter(({ hasPassword }) => hasPassword)
      .map(({ user }) => user)
      .toSorted(),
  })),

  judge: ({ consoleUsers }, { parameters, accountId }) => {
    if (parameters.identityAccountIds.includes(accountId))
      return notApplicable('The settings let this account hold IAM users for persons.');
    const local = consoleUsers.filter((name) => !parameters.allowedLocalConsoleUsers.includes(name));
    if (local.length === 0) return compliant();
    return nonCompliant(`IAM users have a console password: ${firstOf(local)}.`);
  },

  guidance:
    'Let the persons sign in through IAM Identity Center or another identity provider, then delete the passwords of their IAM users. Name users for emergencies in allowedLocalConsoleUsers.',
});
