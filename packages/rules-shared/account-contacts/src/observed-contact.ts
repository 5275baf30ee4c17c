import { digest } from '@compliance/core/rule';
import * as z from 'zod';

/**
 * A contact of an account without its personal data, which no fact, plan, journal or event may hold.
 * The digest tells two contacts apart, and whether one is the contact of the settings.
 */
export const ObservedContact = z.object({
  digest: z.string(),
  /** The names of the fields without a value, sorted. */
  emptyFields: z.array(z.string()),
});
export type ObservedContact = z.infer<typeof ObservedContact>;

/** The digest and the empty fields of a contact with these fields; other members, such as its kind, do not count. */
export const observedContact = (
  contact: Readonly<Record<string, unknown>>,
  fields: readonly string[],
): ObservedContact => {
  const values = fields.map((name) => [name, meaningOf(name, contact[name])] as const);
  return {
    digest: digest(Object.fromEntries(values.filter(([, value]) => value !== ''))),
    emptyFields: values.flatMap(([name, value]) => (value === '' ? name : [])).toSorted(),
  };
};

/** Spaces around a value, and how a telephone number is written, do not make another contact. */
const meaningOf = (name: string, value: unknown): string => {
  const text = typeof value === 'string' ? value.trim() : '';
  return name === 'PhoneNumber' ? text.replaceAll(/[\s()-]/g, '') : text;
};
