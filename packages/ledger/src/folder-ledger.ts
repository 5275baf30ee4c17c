import { randomUUID } from 'node:crypto';
import { link, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { hasErrno } from './errno.ts';
import { createLedger, type Ledger } from './ledger.ts';

/** A ledger in a folder of this machine; several processes may append to it. */
export const folderLedger = (folder: string): Ledger =>
  createLedger({
    describe: (key) => join(folder, key),
    writeOnce: (key, text) => writeOnce(join(folder, key), text),
    list: ({ after = '', until = '~' }) => listFiles(folder, '', { after, until }),
    read: (key) => readFile(join(folder, key), 'utf8'),
  });

// Written aside first: a process that dies half-way leaves no half event, and `link` fails where a file is.
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

interface KeyRange {
  readonly after: string;
  readonly until: string;
}

/** The files below a folder in the order of their keys, as S3 would list them. */
const listFiles = async function* (root: string, below: string, range: KeyRange): AsyncGenerator<string> {
  const entries = await readdir(join(root, below), { withFileTypes: true }).catch((error: unknown) => {
    // Nothing was appended yet.
    if (hasErrno(error, 'ENOENT')) return [];
    throw error;
  });
  for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    const key = below === '' ? entry.name : `${below}/${entry.name}`;
    if (key > range.until) return;
    // A folder holds keys that begin with its own.
    if (key < range.after.slice(0, key.length)) continue;
    if (entry.isDirectory()) yield* listFiles(root, key, range);
    else if (key.endsWith('.ndjson')) yield key;
  }
};
