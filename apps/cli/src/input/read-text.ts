import { readFile } from 'node:fs/promises';

import { usageErrorFrom } from '../output/exit-codes.ts';

/** Reads a file that an argument names. @throws {UsageError} when it cannot be read */
export const readText = async (path: string): Promise<string> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw usageErrorFrom(`Cannot read ${path}`, error);
  }
};
