import { randomUUID } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync, readdirSync } from 'node:fs';
import { link, mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

import { explain } from '@compliance/core';

import { hasErrno } from './errno.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { GONE, type KeyRange, type StoredText } from './store.ts';

/** A ledger in a folder of this machine; several processes may append to it. */
export const folderLedger = (folder: string, now?: () => Date): Ledger =>
  createLedger(
    {
      describe: (key) => join(folder, key),
      writeOnce: (key, text) => writeOnce(join(folder, key), text),
      list: ({ prefix, after = '', until = '~', onUnreadable = () => {} }) =>
        listFiles(folder, prefix.replace(/\/$/, ''), { after, until, onUnreadable }),
      read: async (key) => readFile(join(folder, key)),
    },
    { formerPrefixes: FORMER_PREFIXES, ...(now && { now }) },
  );

// A copy of a bucket has the keys of the bucket.
const FORMER_PREFIXES = ['', 'ledger/'];

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
const readFile = (path: string): StoredText => {
  try {
    // Opened so, a pipe does not wait for its writer.
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      return fstatSync(file).isFile() ? { text: readFileSync(file, 'utf8') } : { problem: 'It is no file.' };
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return { problem: hasErrno(error, 'ENOENT') ? GONE : `It cannot be read: ${explain(error)}` };
  }
};

type Limits = Required<Omit<KeyRange, 'prefix'>>;

/** Lists the files below a folder in the order of their keys, like S3. */
const listFiles = async function* (root: string, below: string, range: Limits): AsyncGenerator<string> {
  const entries = readFolder(root, below, range.onUnreadable);
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

const readFolder = (root: string, key: string, onUnreadable: Limits['onUnreadable']) => {
  try {
    return readdirSync(join(root, key), { withFileTypes: true });
  } catch (error) {
    // Nothing was appended yet.
    if (!hasErrno(error, 'ENOENT')) onUnreadable(key, `It cannot be listed: ${explain(error)}`);
    return [];
  }
};
