import { createHash } from 'node:crypto';

import { gunzipPieces } from '../format/gzip.ts';
import { MAX_INTAKE_BYTES } from '../format/limits.ts';
import type { PartEntry } from '../format/manifest.ts';
import { parseSortable, splitLines, type Line } from '../format/part.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { notAsSealed, readNamed } from './read-parts.ts';

const NEWLINE = 0x0a;

/**
 * The lines of a part, a few thousand at a time: of an hour with a million events, only the compressed parts are in memory.
 * @throws {BrokenSealError} when it is damaged, and at the end when the lines are not those of the manifest
 */
export const streamLines = async function* (
  store: ObjectStore,
  { key, bytes: length, sha256: expected }: PartEntry,
): AsyncGenerator<readonly Line[]> {
  const hash = createHash('sha256');
  let rest: Buffer[] = [];
  let restLength = 0;
  const file = await readNamed(store, key, length);
  for await (const piece of piecesOf(store, key, gunzipPieces(file, length))) {
    hash.update(piece);
    const end = piece.lastIndexOf(NEWLINE) + 1;
    if (end > 0) {
      yield parseAll(Buffer.concat([...rest, piece.subarray(0, end)]));
      rest = [];
      restLength = 0;
    }
    rest.push(piece.subarray(end));
    restLength += piece.length - end;
    if (restLength > MAX_INTAKE_BYTES)
      throw new Error(`A line of ${store.describe(key)} has more than ${MAX_INTAKE_BYTES} bytes.`);
  }
  yield parseAll(Buffer.concat(rest));
  if (hash.digest('hex') !== expected) throw notAsSealed(store, key);
};

/** Names the part of which a piece cannot be read. */
const piecesOf = async function* (store: ObjectStore, key: string, pieces: AsyncIterable<Buffer>) {
  try {
    yield* pieces;
  } catch (error) {
    throw notAsSealed(store, key, error);
  }
};

const parseAll = (bytes: Buffer): readonly Line[] =>
  splitLines(bytes).flatMap((line) => parseSortable(line.toString('utf8')) ?? []);
