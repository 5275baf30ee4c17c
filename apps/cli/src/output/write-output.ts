import { constants } from 'node:fs';
import { access, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';

import { UsageError, usageErrorFrom } from './exit-codes.ts';
import { writeStyled } from './terminal.ts';

/** Checks before the work that its output can be written. @throws {UsageError} when it cannot */
export const assertWritable = async (file: string | undefined): Promise<void> => {
  if (file === undefined) return;
  try {
    const found = await statIfThere(file);
    if (found?.isDirectory()) throw new UsageError(`Cannot write ${file}: it is a folder. Name a file.`);
    await access(found ? file : dirname(file), constants.W_OK);
  } catch (error) {
    throw error instanceof UsageError ? error : usageErrorFrom(`Cannot write ${file}`, error);
  }
};

const statIfThere = async (file: string) => {
  try {
    return await stat(file);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
};

/**
 * Writes to the file or, without one, to standard output.
 * @param styled The text has our own colours, and is printable otherwise.
 * @throws {UsageError} when the file cannot be written
 */
export const writeOutput = async (
  text: string,
  file: string | undefined,
  { styled = false }: { readonly styled?: boolean } = {},
): Promise<void> => {
  if (file === undefined) {
    if (styled) writeStyled(process.stdout, text);
    else process.stdout.write(text);
    return;
  }
  try {
    await writeFile(file, text);
  } catch (error) {
    throw usageErrorFrom(`Cannot write ${file}`, error);
  }
};
