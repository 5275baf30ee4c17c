import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { DataSource } from './data-source.ts';

/** Reads the data from a folder. */
export const folderSource = (folder: string): DataSource => ({
  place: folder,
  read: (key) => unlessMissing(() => readFile(join(folder, key), 'utf8')),
  readRange: (key, { start, end }) =>
    unlessMissing(async () => {
      await using file = await open(join(folder, key));
      const { size } = await file.stat();
      const from = Math.max(0, start < 0 ? size + start : start);
      const length = Math.max(0, Math.min(end ?? size, size) - from);
      const bytes = new Uint8Array(length);
      await file.read(bytes, 0, length, from);
      return { bytes, start: from, size };
    }),
});

const unlessMissing = async <T>(read: () => Promise<T>): Promise<T | undefined> => {
  try {
    return await read();
  } catch (error) {
    if (error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR'].includes(String(error.code)))
      return undefined;
    throw error;
  }
};
