import * as z from 'zod';

/** What decides whether a key can rotate, and how often it does. */
export const Facts = z.object({
  manager: z.string(),
  state: z.string(),
  spec: z.string(),
  origin: z.string(),
  /** The Region of the primary key, when this is a replica of it: they share their rotation, which only the primary sets. */
  primaryRegion: z.string().nullable(),
  /** `null`: the key does not rotate automatically. */
  periodInDays: z.int().nullable(),
});
export type Facts = z.infer<typeof Facts>;

/**
 * Why a key needs no rotation; `undefined`: it does.
 * KMS rotates the keys of AWS itself, and no key whose material it did not make or cannot replace.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html
 */
export const whyNotRotating = ({
  manager,
  state,
  spec,
  origin,
}: Omit<Facts, 'periodInDays'>): string | undefined => {
  if (manager !== 'CUSTOMER') return 'AWS manages the key.';
  if (spec !== 'SYMMETRIC_DEFAULT') return `A key of spec ${spec} cannot rotate automatically.`;
  if (origin !== 'AWS_KMS') return `A key of origin ${origin} cannot rotate automatically.`;
  if (state !== 'Enabled') return `The key is ${state}.`;
  return undefined;
};
