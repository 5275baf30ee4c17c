import * as z from 'zod';

/** A 12-digit AWS account id. Branded: mixing one up would act on the wrong account. */
export const AccountId = z
  .string({ error: ({ input }) => (typeof input === 'number' ? unquoted(input) : undefined) })
  .regex(/^\d{12}$/, 'An AWS account id has 12 digits.')
  .brand<'AccountId'>();
export type AccountId = z.infer<typeof AccountId>;

// YAML reads 012345670123 as a number and loses its first digit. Fewer digits, or more, are another mistake.
const unquoted = (id: number) =>
  /^\d{10,12}$/.test(String(id))
    ? `put account ids in quotes: '${String(id).padStart(12, '0')}'`
    : 'put account ids in quotes: 12 digits';
