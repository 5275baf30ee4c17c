import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

import { hasErrno } from '@compliance/ledger';

import { UsageError, usageErrorFrom } from './exit-codes.ts';

/**
 * Makes a folder, and those above it.
 * @throws {UsageError} when it cannot be made, or is a file
 */
export const makeFolder = async (folder: string): Promise<void> => {
  if (folder === '') throw new UsageError('The name of the folder is empty.');
  try {
    await makeWithParents(folder);
  } catch (error) {
    throw usageErrorFrom(`Cannot make the folder ${folder}`, error);
  }
};

// With `recursive`, Node tries for ever below a folder such as /proc, which takes no other one.
const makeWithParents = async (folder: string): Promise<void> => {
  try {
    await makeOne(folder);
  } catch (error) {
    if (!hasErrno(error, 'ENOENT')) throw error;
    await makeWithParents(dirname(folder));
    await makeOne(folder);
  }
};

const makeOne = async (folder: string): Promise<void> => {
  try {
    await mkdir(folder);
  } catch (error) {
    if (!hasErrno(error, 'EEXIST') || !(await stat(folder)).isDirectory()) throw error;
  }
};
