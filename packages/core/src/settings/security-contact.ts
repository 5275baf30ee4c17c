import { AccountClient, GetAlternateContactCommand } from '@aws-sdk/client-account';

import { withTimeout } from '../base/best-effort.ts';
import { hasCode } from '../base/errors.ts';
import type { Session } from '../aws/session.ts';

/**
 * The e-mail address of an account's security contact, if it has one.
 * The API is the same for all Regions of a partition; the SDK finds it from any of them.
 * @see https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html
 */
export const securityContact = async (session: Session): Promise<string | undefined> => {
  // Without an account id: a member may read only its own contact.
  const command = new GetAlternateContactCommand({ AlternateContactType: 'SECURITY' });
  try {
    const { AlternateContact } = await session.client(AccountClient).send(command, withTimeout());
    return AlternateContact?.EmailAddress;
  } catch (error) {
    if (hasCode(error, 'ResourceNotFoundException')) return undefined;
    throw error;
  }
};
