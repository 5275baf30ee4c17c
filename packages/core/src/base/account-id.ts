import * as z from 'zod';

/** A 12-digit AWS account id. Branded: mixing one up would act on the wrong account. */
export const AccountId = z
  .string()
  .regex(/^\d{12}$/, 'An AWS account id has 12 digits.')
  .brand<'AccountId'>();
export type AccountId = z.infer<typeof AccountId>;
