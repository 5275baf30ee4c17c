import {
  AccountClient,
  DeleteAlternateContactCommand,
  PutAlternateContactCommand,
} from '@aws-sdk/client-account';
import { hideContact } from '@compliance/account-contacts';
import { call, change, undoCall, type Fix } from '@compliance/core/rule';

import type { Parameters } from './parameters.ts';
import { withoutPersonalData, type Facts } from './security-contact.ts';

const KIND = { AlternateContactType: 'SECURITY' } as const;

/** Registers the contact of the settings. Where there was none, undo deletes it. */
export const registerContact = ({ contact }: Facts, { securityContact }: Parameters): Fix<Facts> => {
  if (securityContact === null)
    return {
      manual:
        'Register a security contact under Alternate contacts of the account, with the address of a team, or set the parameter securityContact.',
    };
  const { digest } = withoutPersonalData(securityContact);
  return change({
    description: `${contact === null ? 'Register the security contact' : 'Replace the security contact by that'} of the settings (digest ${digest})`,
    risk: contact === null ? 'safe' : 'irreversible',
    inCode: { terraform: 'aws_account_alternate_contact: alternate_contact_type = "SECURITY"' },
    steps: [
      hideContact(
        call(
          AccountClient,
          PutAlternateContactCommand,
          { ...KIND, ...securityContact },
          { undo: contact === null ? DELETE : IMPOSSIBLE },
        ),
        { shown: { ...KIND, digest }, parameter: 'securityContact' },
      ),
    ],
  });
};

const DELETE = undoCall(AccountClient, DeleteAlternateContactCommand, KIND, {
  alreadyDone: ['ResourceNotFoundException'],
});

const IMPOSSIBLE = { impossible: 'The earlier contact is personal data, which the journal does not keep.' };
