import { hasCode } from '@compliance/core';

import { UsageError } from '../output/exit-codes.ts';
import type { MasterAccess } from './master-access.ts';

/** @throws {UsageError} when what is to be read is not there: not the master account, or not its home Region */
export const readInMaster = async <Read>(
  { region }: MasterAccess,
  read: () => Promise<Read>,
): Promise<Read> => {
  try {
    return await read();
  } catch (error) {
    if (!hasCode(error, 'NoSuchBucket', 'ResourceNotFoundException')) throw error;
    throw new UsageError(
      `Nothing is deployed in ${region} of the account of these credentials: use those of the master account and its home Region (--profile, --region).`,
      { cause: error },
    );
  }
};
