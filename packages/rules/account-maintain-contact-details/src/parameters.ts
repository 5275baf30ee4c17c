import * as z from 'zod';

import { FIELDS } from './primary-contact.ts';

const text = (max: number) => z.string().min(1).max(max);

/** @see https://docs.aws.amazon.com/accounts/latest/reference/API_ContactInformation.html */
const Contact = z.object({
  AddressLine1: text(60),
  AddressLine2: text(60).exactOptional(),
  AddressLine3: text(60).exactOptional(),
  City: text(50),
  CompanyName: text(50).exactOptional(),
  CountryCode: z.string().length(2),
  DistrictOrCounty: text(50).exactOptional(),
  FullName: text(50),
  PhoneNumber: z
    .string()
    .max(20)
    .regex(/^\+[\s0-9()-]+$/, 'is not a telephone number that begins with +'),
  PostalCode: text(20),
  StateOrRegion: text(50).exactOptional(),
  WebsiteUrl: text(256).exactOptional(),
}) satisfies z.ZodType<Partial<Record<(typeof FIELDS)[number], string>>>;

export const Parameters = z
  .object({
    requiredFields: z
      .array(z.enum(FIELDS))
      .default(['FullName', 'AddressLine1', 'City', 'PostalCode', 'CountryCode', 'PhoneNumber'])
      .describe('The fields that must have a value.'),
    expectedContact: Contact.nullable()
      .default(null)
      .describe(
        'The contact that the account must have, and that a fix writes. null: any complete one. It appears in no plan, journal or event.',
      ),
  })
  .refine(
    ({ requiredFields, expectedContact }) =>
      expectedContact === null || requiredFields.every((name) => expectedContact[name] !== undefined),
    'expectedContact lacks one of the requiredFields',
  );
export type Parameters = z.infer<typeof Parameters>;
