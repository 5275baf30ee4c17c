import { AccountClient, DeleteAlternateContactCommand } from '@aws-sdk/client-account';
import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  firstOf,
  nonCompliant,
  observeAccount,
  operation,
} from '@compliance/core/rule';

import { Parameters, isAllowed } from './parameters.ts';
import { registerContact } from './register-contact.ts';
import { Facts, observeSecurityContact } from './security-contact.ts';

const READS = ['account:GetAlternateContact'];

const ACCOUNTS = 'arn:*:account::*:account';

export const rule = defineRule({
  command: 'ACCOUNT_REGISTER_SECURITY_CONTACT',
  title: 'AWS has a security contact of the account',
  rationale:
    'Without one, AWS reports abuse and compromised keys to the owner of the root e-mail address alone.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.18'],
    'cis-1.3': ['1.2'],
    'cis-1.4': ['1.2'],
    'cis-1.5': ['1.2'],
    'cis-2.0': ['1.2'],
    'cis-3.0': ['1.2'],
    'cis-4.0': ['1.2'],
    'cis-4.0.1': ['1.2'],
    'cis-5.0': ['1.2'],
    'cis-6.0': ['2.2'],
    'cis-7.0': ['2.3'],
    'aws-fsbp': ['Account.1'],
  },
  equivalents: {
    config: ['SECURITY_ACCOUNT_INFORMATION_PROVIDED'],
    securityHub: ['Account.1'],
    prowler: ['account_security_contact_information_is_registered'],
    steampipe: ['account_alternate_contact_security_registered'],
  },
  parameters: Parameters,
  needs: ['securityContact'],
  impact:
    'An account without a contact only gains one. An earlier contact gets no more security notices, and is lost.',
  facts: Facts,
  permissions: {
    list: READS,
    get: READS,
    fix: [{ action: 'account:PutAlternateContact', resource: ACCOUNTS }],
    undo: [{ action: 'account:DeleteAlternateContact', resource: ACCOUNTS }],
  },

  observe: observeAccount(observeSecurityContact),

  judge: ({ contact }, { parameters: { allowedEmailDomains } }) => {
    if (contact === null) return nonCompliant('The account has no security contact.');
    if (contact.emptyFields.length > 0)
      return nonCompliant(`The security contact has no ${firstOf(contact.emptyFields, 4)}.`);
    return isAllowed(contact.emailDomain, allowedEmailDomains)
      ? compliant()
      : nonCompliant('The e-mail address of the security contact has none of the allowed domains.');
  },

  fix: ({ facts, parameters }) => registerContact(facts, parameters),

  undo: { operations: [operation(AccountClient, DeleteAlternateContactCommand)] },
});
