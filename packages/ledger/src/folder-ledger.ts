import { readdirSync } from 'node:fs';
import { join } from 'node:path';

import { explain } from '@compliance/core';

import { hasErrno } from './errno.ts';
import { createFile, isDraft, readPlainFile } from './folder-files.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { GONE, type KeyRange, type StoredText } from './store.ts';

/** A ledger in a folder of this machine; several processes may append to it. */
export const folderLedger = (folder: string, now?: () => Date): Ledger =>
  createLedger(
    {
      describe: (key) => join(folder, key),
      writeOnce: async (key, text) => void (await createFile(join(folder, key), text)),
      list: ({ prefix, after = '', until = '~', onUnreadable = () => {} }) =>
        listFiles(folder, prefix.replace(/\/$/, ''), { after, until, onUnreadable }),
      read: async (key) => readText(join(folder, key)),
    },
    { formerPrefixes: FORMER_PREFIXES, ...(now && { now }) },
  );

// A copy of a bucket has the keys of the bucket.
const FORMER_PREFIXES = ['', 'ledger/'];

const readText = (path: string): StoredText => {
  try {
    const content = readPlainFile(path);
    return typeof content === 'string' ? { problem: 'It is no file.' } : { text: content.toString('utf8') };
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
    else if (!isDraft(key)) yield key;
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
