import { AccountClient, PutContactInformationCommand } from '@aws-sdk/client-account';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const CONTACT = {
  FullName: 'Jane Doe',
  AddressLine1: '1 Main Street',
  City: 'Seattle',
  PostalCode: '98101',
  CountryCode: 'US',
  PhoneNumber: '+15555550100',
};

const account = async (admin: Session): Promise<Resource> => ({
  resourceType: 'AWS::::Account',
  resourceId: admin.accountId,
});

const contact = (ContactInformation: typeof CONTACT & { CompanyName?: string }) => async (admin: Session) => {
  await admin.client(AccountClient).send(new PutContactInformationCommand({ ContactInformation }));
  return account(admin);
};

const COMPANY = { ...CONTACT, CompanyName: 'Example' };

describeRuleContract(rule, {
  parameters: {
    requiredFields: ['FullName', 'CompanyName'],
    expectedContact: COMPANY,
  },
  compliant: { 'an account with the contact of the settings': contact(COMPANY) },
  nonCompliant: {},
  oneWay: {
    'an account without a contact': account,
    'an account whose contact lacks a field': contact(CONTACT),
    'an account with another contact': contact({ ...COMPANY, City: 'Berlin' }),
  },
});

describeRuleContract(rule, {
  compliant: { 'an account with any complete contact': contact(CONTACT) },
  nonCompliant: {},
  manual: { 'an account without a contact, and none in the settings': account },
  unproven: { 'account:PutContactInformation': 'The contract above proves it.' },
});
