import { writeFile } from 'node:fs/promises';

import { UsageError } from './exit-codes.ts';

/** To the file, else to standard output. */
export const writeOutput = async (text: string, file: string | undefined): Promise<void> => {
  if (file === undefined) {
    process.stdout.write(text);
    return;
  }
  try {
    await writeFile(file, text);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${String(error)}`, { cause: error });
  }
};
