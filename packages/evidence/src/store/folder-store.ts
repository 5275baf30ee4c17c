import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

import { createFile, hasErrno, isDraft, readPlainFile } from '@compliance/ledger';

import { TooLongError, type ObjectStore } from './object-store.ts';

/** Objects in a folder of this machine; several processes may write to it. */
export const folderStore = (folder: string): ObjectStore => ({
  describe: (key) => join(folder, key),
  create: (key, bytes) => createFile(join(folder, key), bytes),
  read: async (key, limit) => readObject(join(folder, key), limit),
  list: ({ prefix, after = '' }) =>
    listFiles(folder, prefix.slice(0, prefix.lastIndexOf('/') + 1), { prefix, after }),
});

const readObject = (path: string, limit: number): Buffer | undefined => {
  try {
    const content = readPlainFile(path, limit);
    if (content === 'folder') return undefined;
    if (content === 'too long') throw new TooLongError(path, limit);
    if (content === 'device') throw new Error(`It is no file: ${path}.`);
    return content;
  } catch (error) {
    if (hasErrno(error, 'ENOENT', 'ENOTDIR')) return undefined;
    throw error;
  }
};

interface KeyRange {
  readonly prefix: string;
  readonly after: string;
}

const listFiles = async function* (root: string, below: string, range: KeyRange): AsyncGenerator<string> {
  for (const { key, isFolder } of entriesOf(root, below)) {
    // All keys in a folder begin with the key of the folder.
    const length = Math.min(key.length, range.prefix.length);
    if (key.slice(0, length) !== range.prefix.slice(0, length)) continue;
    if (isFolder) {
      if (key >= range.after.slice(0, key.length)) yield* listFiles(root, key, range);
    } else if (key.startsWith(range.prefix) && key > range.after) yield key;
  }
};

/** In the order of S3: a folder sorts by its name with the slash behind it. */
const entriesOf = (root: string, below: string) =>
  readFolder(join(root, below))
    .filter((entry) => !entry.isFile() || !isDraft(entry.name))
    .map((entry) => {
      const isFolder = isFolderOrLink(entry);
      return { key: `${below}${entry.name}${isFolder ? '/' : ''}`, isFolder };
    })
    .toSorted((a, b) => (a.key < b.key ? -1 : 1));

/** Reading follows links, so that listing has to. */
const isFolderOrLink = (entry: Dirent): boolean =>
  entry.isDirectory() || (entry.isSymbolicLink() && isFolder(join(entry.parentPath, entry.name)));

const isFolder = (path: string): boolean => {
  try {
    return statSync(path).isDirectory();
  } catch (error) {
    // The link leads nowhere, or in a circle.
    if (hasErrno(error, 'ENOENT', 'ENOTDIR', 'ELOOP')) return false;
    throw error;
  }
};

const readFolder = (path: string) => {
  try {
    return readdirSync(path, { withFileTypes: true });
  } catch (error) {
    // Nothing was written yet. A file in the place of a folder is an object of its own, as in a bucket.
    if (hasErrno(error, 'ENOENT', 'ENOTDIR')) return [];
    throw error;
  }
};
