import { AccountClient, GetAlternateContactCommand, type AlternateContact } from '@aws-sdk/client-account';
import { ObservedContact, observedContact } from '@compliance/account-contacts';
import { digest, hasCode, type Session } from '@compliance/core/rule';
import * as z from 'zod';

const FIELDS = ['Name', 'Title', 'EmailAddress', 'PhoneNumber'];

/** `null`: the account has no security contact. */
export const Facts = z.object({
  contact: ObservedContact.extend({
    /** The digest of the e-mail address's domain: even a domain may be somebody's name. */
    emailDomain: z.string(),
  }).nullable(),
});
export type Facts = z.infer<typeof Facts>;

/**
 * Reads the security contact of the session's own account.
 * @see https://docs.aws.amazon.com/accounts/latest/reference/API_GetAlternateContact.html
 */
export const observeSecurityContact = async (session: Session): Promise<{ facts: Facts }> => {
  // Without an account id: a member may read only its own contact.
  const command = new GetAlternateContactCommand({ AlternateContactType: 'SECURITY' });
  try {
    const { AlternateContact = {} } = await session.client(AccountClient).send(command);
    return { facts: { contact: withoutPersonalData(AlternateContact) } };
  } catch (error) {
    if (hasCode(error, 'ResourceNotFoundException')) return { facts: { contact: null } };
    throw error;
  }
};

/** A security contact as facts and plans hold it. */
export const withoutPersonalData = (contact: AlternateContact) => ({
  ...observedContact({ ...contact }, FIELDS),
  emailDomain: domainDigest(domainOf(contact.EmailAddress ?? '')),
});

export const domainOf = (emailAddress: string): string => emailAddress.trim().replace(/^.*@/, '');

/** Equal for a domain in capital and small letters. */
export const domainDigest = (domain: string): string => digest(domain.toLowerCase());
