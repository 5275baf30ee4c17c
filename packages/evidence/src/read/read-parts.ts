import { gunzipOne } from '../format/gzip.ts';
import { keyListTextIn, keysIn } from '../format/intake-list.ts';
import { compressedLimit } from '../format/limits.ts';
import type { KeyList, PartEntry } from '../format/manifest.ts';
import { parseSortable, splitLines, type Line } from '../format/part.ts';
import { sha256 } from '../format/sha256.ts';
import { readExisting, type ObjectStore } from '../store/object-store.ts';
import { BrokenSealError } from './broken-seal-error.ts';

/** The lines of a part. @throws {Error} when it is not what its manifest says */
export const readPart = async (
  store: ObjectStore,
  { key, bytes: length, sha256: expected }: Pick<PartEntry, 'key' | 'bytes' | 'sha256'>,
): Promise<Buffer> => {
  const file = await readExisting(store, key, compressedLimit(length));
  try {
    const bytes = gunzipOne(file, length);
    if (sha256(bytes) === expected) return bytes;
  } catch (error) {
    throw notAsSealed(store, key, error);
  }
  throw notAsSealed(store, key);
};

/** For readers that do not look for what is broken first. */
export const notAsSealed = (store: ObjectStore, key: string, cause?: unknown) =>
  new BrokenSealError(store.describe(key), 'Its lines are not those of its manifest.', { cause });

/** The sortable lines of a part: the keeper seals no others. */
export const readLines = async (store: ObjectStore, part: PartEntry): Promise<readonly Line[]> =>
  splitLines(await readPart(store, part)).flatMap((line) => parseSortable(line.toString('utf8')) ?? []);

/** A key of S3 has 1,024 bytes at most. */
const MAX_KEY_LINE = 1025;

/** The intake keys of a list. @throws {Error} when it is not what its manifest says */
export const readKeyList = async (store: ObjectStore, list: KeyList): Promise<readonly string[]> => {
  const limit = list.objects * MAX_KEY_LINE;
  const text = keyListTextIn(await readExisting(store, list.key, compressedLimit(limit)), limit);
  if (sha256(text) === list.sha256) return keysIn(text);
  throw new Error(`The keys of ${store.describe(list.key)} are not those of its manifest.`);
};
