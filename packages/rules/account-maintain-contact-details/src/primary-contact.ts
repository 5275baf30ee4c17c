import { AccountClient, GetContactInformationCommand } from '@aws-sdk/client-account';
import { ObservedContact, observedContact } from '@compliance/account-contacts';
import { hasCode, type Session } from '@compliance/core/rule';
import * as z from 'zod';

/** @see https://docs.aws.amazon.com/accounts/latest/reference/API_ContactInformation.html */
export const FIELDS = [
  'AddressLine1',
  'AddressLine2',
  'AddressLine3',
  'City',
  'CompanyName',
  'CountryCode',
  'DistrictOrCounty',
  'FullName',
  'PhoneNumber',
  'PostalCode',
  'StateOrRegion',
  'WebsiteUrl',
] as const;

/** `null`: the account has no primary contact. */
export const Facts = z.object({ contact: ObservedContact.nullable() });
export type Facts = z.infer<typeof Facts>;

/** Reads the primary contact of the session's own account. */
export const observePrimaryContact = async (session: Session): Promise<{ facts: Facts }> => {
  try {
    const { ContactInformation = {} } = await session
      .client(AccountClient)
      .send(new GetContactInformationCommand({}));
    return { facts: { contact: withoutPersonalData({ ...ContactInformation }) } };
  } catch (error) {
    if (hasCode(error, 'ResourceNotFoundException')) return { facts: { contact: null } };
    throw error;
  }
};

/** A primary contact as facts and plans hold it. */
export const withoutPersonalData = (contact: Readonly<Record<string, unknown>>): ObservedContact =>
  observedContact(contact, FIELDS);
