import { GetLoginProfileCommand, paginateListMFADevices, type IAMClient } from '@aws-sdk/client-iam';
import { hasCode } from '@compliance/core/rule';

import { isoOf, useSince, type Use } from './time.ts';
import type { LiveUser } from './user.ts';

/**
 * Reads live when a user's password was made and last used. `null`: the user has none.
 * AWS does not say whether a reset changes `CreateDate`. If not, a reset password that was never used looks older here
 * than in the report.
 * @see https://docs.aws.amazon.com/IAM/latest/APIReference/API_LoginProfile.html
 */
export const readPassword = async (
  { userName, passwordLastUsed }: LiveUser,
  client: IAMClient,
): Promise<Use | null> => {
  try {
    const { LoginProfile } = await client.send(new GetLoginProfileCommand({ UserName: userName }));
    return useSince(isoOf(LoginProfile?.CreateDate), passwordLastUsed);
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return null;
    throw error;
  }
};

/** Reads live whether a user has an MFA device of any kind. `undefined`: the user is gone. */
export const readMfa = async ({ userName }: LiveUser, client: IAMClient): Promise<boolean | undefined> => {
  try {
    const pages = await Array.fromAsync(paginateListMFADevices({ client }, { UserName: userName }));
    return pages.some(({ MFADevices = [] }) => MFADevices.length > 0);
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
};
