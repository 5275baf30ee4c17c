import { makeFolders } from '@compliance/ledger';

import { UsageError, usageErrorFrom } from './exit-codes.ts';

/**
 * Makes a folder, and those above it.
 * @throws {UsageError} when it cannot be made, or is a file
 */
export const makeFolder = async (folder: string): Promise<void> => {
  if (folder === '') throw new UsageError('The name of the folder is empty.');
  try {
    await makeFolders(folder);
  } catch (error) {
    throw usageErrorFrom(`Cannot make the folder ${folder}`, error);
  }
};
