import * as z from 'zod';

import { domainDigest, domainOf } from './security-contact.ts';

/** @see https://docs.aws.amazon.com/accounts/latest/reference/API_PutAlternateContact.html */
const SecurityContact = z.object({
  Name: z.string().min(1).max(64),
  Title: z.string().min(1).max(50),
  EmailAddress: z
    .string()
    .max(254)
    .regex(/^[\w+=.#|!&-]+@[\w.-]+\.\w+$/, 'is not an e-mail address'),
  PhoneNumber: z
    .string()
    .max(25)
    .regex(/^[\s0-9()+-]+$/, 'is not a telephone number'),
});

export const Parameters = z
  .object({
    securityContact: SecurityContact.nullable()
      .default(null)
      .describe('The contact that a fix registers. It appears in no plan, journal or event.'),
    allowedEmailDomains: z
      .array(z.string().min(1))
      .default([])
      .describe(
        'The domains of which the e-mail address must have one, such as that of your team mailbox; none: any.',
      ),
  })
  .refine(
    ({ securityContact, allowedEmailDomains }) =>
      securityContact === null ||
      isAllowed(domainDigest(domainOf(securityContact.EmailAddress)), allowedEmailDomains),
    'the e-mail address of securityContact has none of the allowedEmailDomains',
  );
export type Parameters = z.infer<typeof Parameters>;

/** Whether a domain, known by its digest, is one of those that are allowed. */
export const isAllowed = (emailDomain: string, allowedEmailDomains: readonly string[]): boolean =>
  allowedEmailDomains.length === 0 ||
  allowedEmailDomains.some((domain) => domainDigest(domain) === emailDomain);
