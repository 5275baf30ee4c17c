import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { hasErrno } from './errno.ts';
import { createLedger, type Ledger } from './ledger.ts';

/** A ledger in a folder of this machine; several processes may append to it. */
export const folderLedger = (folder: string, now?: () => Date): Ledger =>
  createLedger(
    {
      describe: (key) => join(folder, key),
      writeOnce: (key, text) => writeOnce(join(folder, key), text),
      list: ({ prefix, after = '', until = '~' }) =>
        listFiles(folder, prefix.replace(/\/$/, ''), { after, until }),
      read: async (key) => readUnlessGone(join(folder, key)),
    },
    { formerPrefix: '', ...(now && { now }) },
  );

// The draft comes first: a process that dies leaves no partial event, and `link` fails if the file exists.
const writeOnce = async (path: string, text: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const draft = `${path}.${randomUUID()}.draft`;
  try {
    await writeFile(draft, text, { flag: 'wx' });
    await link(draft, path);
  } catch (error) {
    if (!hasErrno(error, 'EEXIST')) throw error;
  } finally {
    await rm(draft, { force: true });
  }
};

// Of many small files on this machine's disk, three quarters of the time is Node's own way to read without waiting.
const readUnlessGone = (path: string): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (hasErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
};

interface KeyRange {
  readonly after: string;
  readonly until: string;
}

/** Lists the files below a folder in the order of their keys, like S3. */
const listFiles = async function* (root: string, below: string, range: KeyRange): AsyncGenerator<string> {
  const entries = readFolder(join(root, below));
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = below === '' ? entry.name : `${below}/${entry.name}`;
    if (key > range.until) return;
    // All keys in a folder begin with the key of the folder.
    if (key < range.after.slice(0, key.length)) continue;
    if (entry.isDirectory()) yield* listFiles(root, key, range);
    // Another process is just writing it, or died meanwhile.
    else if (!key.endsWith('.draft')) yield key;
  }
};

const readFolder = (path: string) => {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    // Nothing was appended yet.
    if (hasErrno(error, 'ENOENT')) return [];
    throw error;
  }
};
