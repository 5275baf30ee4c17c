import { writeFile } from 'node:fs/promises';

import { usageErrorFrom } from './exit-codes.ts';

/** Writes to the file or, without one, to standard output. @throws {UsageError} when the file cannot be written */
export const writeOutput = async (text: string, file: string | undefined): Promise<void> => {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(file, text);
  } catch (error) {
    throw usageErrorFrom(`Cannot write ${file}`, error);
  }
};
