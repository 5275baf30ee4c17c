import type { IAMClient } from '@aws-sdk/client-iam';

import { readActiveKeys } from './access-keys.ts';
import type { LiveUser } from './user.ts';

/** The IAM actions of `isUserInUse`. */
export const USE_READS = ['iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'] as const;

/** Whether AWS knows a use of the user's password or of an active key. The day would change daily. */
export const isUserInUse = async (user: LiveUser, client: IAMClient): Promise<boolean> =>
  user.passwordLastUsed !== null ||
  ((await readActiveKeys(user, client)) ?? []).some(({ lastUsed }) => lastUsed !== null);
