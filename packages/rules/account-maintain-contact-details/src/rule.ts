import { AccountClient, PutContactInformationCommand } from '@aws-sdk/client-account';
import { hideContact } from '@compliance/account-contacts';
import {
  ACCOUNT_TYPE,
  call,
  change,
  compliant,
  defineRule,
  firstOf,
  nonCompliant,
  observeAccount,
} from '@compliance/core/rule';

import { Parameters } from './parameters.ts';
import { Facts, observePrimaryContact, withoutPersonalData } from './primary-contact.ts';

const READS = ['account:GetContactInformation'];

const ACCOUNTS = 'arn:*:account::*:account';

export const rule = defineRule({
  command: 'ACCOUNT_MAINTAIN_CONTACT_DETAILS',
  title: 'The primary contact of the account is complete',
  rationale:
    'AWS asks the primary contact before it limits a compromised account, and to recover a lost one.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.17'],
    'cis-1.3': ['1.1'],
    'cis-1.4': ['1.1'],
    'cis-1.5': ['1.1'],
    'cis-2.0': ['1.1'],
    'cis-3.0': ['1.1'],
    'cis-4.0': ['1.1'],
    'cis-4.0.1': ['1.1'],
    'cis-5.0': ['1.1'],
    'cis-6.0': ['2.1'],
    'cis-7.0': ['2.2'],
  },
  partly: 'Whether the contact is current: only somebody who knows the people and the address can say.',
  equivalents: { prowler: ['account_maintain_current_contact_details'] },
  parameters: Parameters,
  needs: ['expectedContact'],
  impact:
    'AWS turns to the contact of the settings about the account, its bills and its recovery; the earlier one is lost.',
  facts: Facts,
  permissions: {
    list: READS,
    get: READS,
    fix: [{ action: 'account:PutContactInformation', resource: ACCOUNTS }],
    undo: [],
  },

  observe: observeAccount(observePrimaryContact),

  judge: ({ contact }, { parameters: { requiredFields, expectedContact } }) => {
    if (contact === null) return nonCompliant('The account has no primary contact.');
    const missing = requiredFields.filter((name) => contact.emptyFields.includes(name));
    if (missing.length > 0) return nonCompliant(`The primary contact has no ${firstOf(missing, 12)}.`);
    return expectedContact === null || contact.digest === withoutPersonalData(expectedContact).digest
      ? compliant()
      : nonCompliant('The primary contact is not the one that the settings expect.');
  },

  fix: ({ parameters: { expectedContact } }) => {
    if (expectedContact === null)
      return {
        manual:
          'Complete the contact information under Account in the console, or set the parameter expectedContact.',
      };
    const { digest } = withoutPersonalData(expectedContact);
    return change({
      description: `Replace the primary contact by that of the settings (digest ${digest})`,
      risk: 'irreversible',
      inCode: { terraform: 'aws_account_primary_contact: the contact of the settings' },
      steps: [
        hideContact(
          call(
            AccountClient,
            PutContactInformationCommand,
            { ContactInformation: expectedContact },
            {
              undo: {
                impossible:
                  'AWS replaces the whole contact, and the earlier one is personal data, which the journal does not keep.',
              },
            },
          ),
          { shown: { ContactInformation: { digest } }, parameter: 'expectedContact' },
        ),
      ],
    });
  },
});
