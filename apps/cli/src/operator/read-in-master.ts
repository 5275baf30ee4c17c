import { hasCode } from '@compliance/core';

import { UsageError } from '../output/exit-codes.ts';
import { masterAccess, type MasterAccess, type MasterFlags } from './master-access.ts';

/** Runs `read`. @throws {UsageError} when its table, bucket or function is missing: wrong account or Region */
export const readInMaster = async <Read>(
  { region }: Pick<MasterAccess, 'region'>,
  read: () => Promise<Read>,
): Promise<Read> => {
  try {
    return await read();
  } catch (error) {
    if (!hasCode(error, 'NoSuchBucket', 'ResourceNotFoundException')) throw error;
    throw new UsageError(
      `No deployment found in ${region} of this account. Use credentials of the master account and its home Region (--profile, --region).`,
      { cause: error },
    );
  }
};

/** Runs `read`. Without a place, it reads the deployment's own, and throws as `readInMaster`; another has its own errors. */
export const readPlace = async <Read>(
  place: string | undefined,
  flags: MasterFlags,
  read: () => Promise<Read>,
): Promise<Read> => (place === undefined ? readInMaster(await masterAccess(flags), read) : read());
