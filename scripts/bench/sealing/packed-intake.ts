import { closeSync, openSync, readFileSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ObjectStore } from '../../../packages/evidence/src/store/object-store.ts';
import { placeOfKey } from '../../../packages/ledger/src/ledger-key.ts';

/** An object: its key, and where its content is in the file of its shard. */
type Entry = readonly [key: string, start: number, length: number];

const fileOf = (folder: string, shard: string, suffix: string) => join(folder, `${shard}.${suffix}`);

/** Writes the objects of one class and shard into two files: a million small files would measure the file system. */
export const packShard = (
  folder: string,
  shard: string,
  objects: readonly (readonly [string, string])[],
): void => {
  let start = 0;
  const entries = objects
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, text]): readonly [Entry, string] => {
      const length = Buffer.byteLength(text);
      const entry = [key, start, length] as const;
      start += length;
      return [entry, text];
    });
  writeFileSync(fileOf(folder, shard, 'data'), entries.map(([, text]) => text).join(''));
  writeFileSync(fileOf(folder, shard, 'json'), JSON.stringify(entries.map(([entry]) => entry)));
};

/** The packed objects of `shards` as an intake. Memory holds the index of one shard. */
export const packedIntake = (folder: string, shards: readonly string[]): ObjectStore => {
  let loaded:
    | { readonly shard: string; readonly index: ReadonlyMap<string, Entry>; readonly file: number }
    | undefined;
  const entriesOf = (shard: string) =>
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- packShard wrote it.
    JSON.parse(readFileSync(fileOf(folder, shard, 'json'), 'utf8')) as readonly Entry[];
  const load = (shard: string) => {
    if (loaded?.shard === shard) return loaded;
    if (loaded) closeSync(loaded.file);
    const index = new Map(entriesOf(shard).map((entry) => [entry[0], entry]));
    return (loaded = { shard, index, file: openSync(fileOf(folder, shard, 'data'), 'r') });
  };
  return {
    describe: (key) => key,
    create: () => Promise.reject(new Error('The keeper never writes to the intake.')),
    read: async (key) => {
      const { index, file } = load(placeOfKey(key)?.shard ?? '');
      const [, start = 0, length = 0] = index.get(key) ?? [];
      const bytes = Buffer.alloc(length);
      readSync(file, bytes, 0, length, start);
      return bytes;
    },
    list: async function* ({ prefix, after = '' }) {
      for (const shard of shards)
        for (const [key] of entriesOf(shard)) if (key.startsWith(prefix) && key > after) yield key;
    },
  };
};
