import {
  GetAccessKeyLastUsedCommand,
  paginateListAccessKeys,
  type AccessKeyMetadata,
  type IAMClient,
} from '@aws-sdk/client-iam';
import { hasCode } from '@compliance/core/rule';
import * as z from 'zod';

import { dayOf, isoOf, type Use } from './time.ts';
import type { LiveUser } from './user.ts';

/** An active access key as the report has it: without its id. */
export type UserKey = Use;

export const Key = z.object({
  accessKeyId: z.string(),
  created: z.iso.datetime(),
  lastUsed: z.iso.date().nullable(),
});
/** An active access key of a user. */
export type Key = z.infer<typeof Key>;

/** What a fix of a user's keys needs. */
export const KeyHandles = z.object({ userName: z.string(), keys: z.array(Key) });

/** Reads a user's active keys live, sorted by id. `undefined`: the user is gone. */
export const readActiveKeys = async (
  { userName }: LiveUser,
  client: IAMClient,
): Promise<readonly Key[] | undefined> => {
  const active = await listActiveKeys(userName, client);
  const keys = active && (await Promise.all(active.map((key) => withLastUse(key, client))));
  return keys?.toSorted((a, b) => (a.accessKeyId < b.accessKeyId ? -1 : 1));
};

const listActiveKeys = async (
  userName: string,
  client: IAMClient,
): Promise<AccessKeyMetadata[] | undefined> => {
  try {
    const pages = await Array.fromAsync(paginateListAccessKeys({ client }, { UserName: userName }));
    return pages
      .flatMap(({ AccessKeyMetadata = [] }) => AccessKeyMetadata)
      .filter(({ Status }) => Status === 'Active');
  } catch (error) {
    if (hasCode(error, 'NoSuchEntityException')) return undefined;
    throw error;
  }
};

const withLastUse = async (
  { AccessKeyId = '', CreateDate }: AccessKeyMetadata,
  client: IAMClient,
): Promise<Key> => {
  const { AccessKeyLastUsed } = await client.send(new GetAccessKeyLastUsedCommand({ AccessKeyId }));
  const lastUsed = AccessKeyLastUsed?.LastUsedDate;
  return {
    accessKeyId: AccessKeyId,
    created: isoOf(CreateDate),
    lastUsed: lastUsed ? dayOf(isoOf(lastUsed)) : null,
  };
};
