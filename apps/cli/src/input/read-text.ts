import { readFile } from 'node:fs/promises';

import { decodeText, explain, readFailure } from '@compliance/core/scan';

import { UsageError } from '../output/exit-codes.ts';

/** Reads a file that an argument names. @throws {UsageError} when it cannot be read, or is not UTF-8 */
export const readText = async (path: string): Promise<string> => {
  const bytes = await readBytes(path);
  try {
    return decodeText(bytes, path);
  } catch (error) {
    throw new UsageError(explain(error), { cause: error });
  }
};

const readBytes = async (path: string): Promise<Uint8Array> => {
  try {
    return await readFile(path);
  } catch (error) {
    throw new UsageError(readFailure(error, path), { cause: error });
  }
};
