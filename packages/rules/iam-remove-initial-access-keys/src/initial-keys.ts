import type { UserKey } from '@compliance/iam-credential-report';
import * as z from 'zod';

/** `used` instead of the day: the last use of a key would change the facts daily. */
const InitialKey = z.object({ created: z.iso.datetime(), used: z.boolean() });

export const Facts = z.object({
  userCreated: z.iso.datetime(),
  hasPassword: z.boolean(),
  /** Oldest first. */
  activeKeys: z.array(InitialKey),
});

export const factsOf = (userCreated: string, hasPassword: boolean, keys: readonly UserKey[]) => ({
  userCreated,
  hasPassword,
  activeKeys: keys
    .map(({ created, lastUsed }) => ({ created, used: lastUsed !== null }))
    .toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
});

const orderOf = ({ created, used }: z.infer<typeof InitialKey>) => `${created} ${used}`;

/**
 * Whether a key was created with its user, and nothing shows that it is needed.
 * It is compared with the user, not with the password, which automation often creates days later. A rotated key has the
 * date of its rotation.
 */
export const isInitial = (
  { created, used }: z.infer<typeof InitialKey>,
  userCreated: string,
  { setupWindowSeconds, requireNeverUsed }: { setupWindowSeconds: number; requireNeverUsed: boolean },
): boolean =>
  Date.parse(created) - Date.parse(userCreated) <= setupWindowSeconds * 1000 && !(requireNeverUsed && used);
