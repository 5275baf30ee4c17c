import { readFile } from 'node:fs/promises';

import { UsageError } from '../output/exit-codes.ts';

/** A file that was named by the user. @throws {UsageError} when it cannot be read */
export const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new UsageError(`${path} cannot be read: ${String(error)}`, { cause: error });
  }
};
