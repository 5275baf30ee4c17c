import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

import type { PartEntry } from '../format/manifest.ts';
import { parseSortable, splitLines, type Line } from '../format/part.ts';
import { readExisting, type ObjectStore } from '../store/object-store.ts';

const NEWLINE = 0x0a;

/**
 * The lines of a part, a few thousand at a time: of an hour with a million events, only the compressed parts are in memory.
 * @throws {Error} at the end when the lines are not those of the manifest
 */
export const streamLines = async function* (
  store: ObjectStore,
  { key, sha256: expected }: PartEntry,
): AsyncGenerator<readonly Line[]> {
  const hash = createHash('sha256');
  let rest: Buffer = Buffer.alloc(0);
  const file = await readExisting(store, key);
  for await (const chunk of Readable.from([file]).pipe(
    createGunzip({ chunkSize: 2 ** 18 }),
  ) as AsyncIterable<Buffer>) {
    hash.update(chunk);
    const bytes = rest.length > 0 ? Buffer.concat([rest, chunk]) : chunk;
    const end = bytes.lastIndexOf(NEWLINE) + 1;
    rest = Buffer.from(bytes.subarray(end));
    yield parseAll(bytes.subarray(0, end));
  }
  yield parseAll(rest);
  if (hash.digest('hex') !== expected)
    throw new Error(
      `The lines of ${store.describe(key)} are not those of its manifest. Run 'compliance ledger verify'.`,
    );
};

const parseAll = (bytes: Buffer): readonly Line[] =>
  splitLines(bytes).flatMap((line) => parseSortable(line.toString('utf8')) ?? []);
