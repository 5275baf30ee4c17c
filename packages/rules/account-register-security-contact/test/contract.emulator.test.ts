import {
  AccountClient,
  GetAlternateContactCommand,
  PutAlternateContactCommand,
  type AlternateContactType,
} from '@aws-sdk/client-account';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const TEAM = {
  Name: 'Security team',
  Title: 'On call',
  EmailAddress: 'security@example.com',
  PhoneNumber: '+1 555 0100',
};
const PRIVATE = { ...TEAM, EmailAddress: 'jane@example.org' };

const account = async (admin: Session): Promise<Resource> => ({
  resourceType: 'AWS::::Account',
  resourceId: admin.accountId,
});

const contact =
  (AlternateContactType: AlternateContactType, values = TEAM) =>
  async (admin: Session) => {
    await admin
      .client(AccountClient)
      .send(new PutAlternateContactCommand({ AlternateContactType, ...values }));
    return account(admin);
  };

const billingContact = async (_: Resource, admin: Session) => {
  const command = new GetAlternateContactCommand({ AlternateContactType: 'BILLING' });
  const read = admin.client(AccountClient).send(command);
  return read.then(({ AlternateContact }) => AlternateContact).catch(() => 'none');
};

describeRuleContract(rule, {
  parameters: { securityContact: TEAM, allowedEmailDomains: ['example.com'] },
  compliant: { 'an account with a security contact': contact('SECURITY') },
  nonCompliant: {
    'an account without a contact': account,
    'an account with a billing contact alone': contact('BILLING'),
  },
  oneWay: { 'an account whose security contact has a private address': contact('SECURITY', PRIVATE) },
  untouched: billingContact,
});

describeRuleContract(rule, {
  compliant: {},
  nonCompliant: {},
  manual: { 'an account for which the settings have no contact': account },
  unproven: {
    'account:PutAlternateContact': 'The contract above proves it.',
    'account:DeleteAlternateContact': 'The contract above proves it.',
  },
});
