import { gunzipOne } from '../format/gzip.ts';
import { keyListTextIn, keysIn } from '../format/intake-list.ts';
import { compressedLimit } from '../format/limits.ts';
import type { KeyList, PartEntry } from '../format/manifest.ts';
import { parseSortable, splitLines, type StoredLine } from '../format/part.ts';
import { sha256 } from '../format/sha256.ts';
import type { ObjectStore } from '../store/object-store.ts';
import { BrokenSealError, brokenSeal } from './broken-seal-error.ts';

/** A file that a manifest names. @throws {BrokenSealError} when it is missing, or longer than its manifest says */
export const readNamed = async (store: ObjectStore, key: string, length: number): Promise<Buffer> => {
  const file = await store.read(key, compressedLimit(length)).catch((error: unknown) => {
    throw brokenSeal(store.describe(key), error);
  });
  if (file) return file;
  throw new BrokenSealError(store.describe(key), 'It is missing, or archived.');
};

/** The lines of a part. @throws {BrokenSealError} when they are not those of its manifest */
export const readPart = async (
  store: ObjectStore,
  { key, bytes: length, sha256: expected }: Pick<PartEntry, 'key' | 'bytes' | 'sha256'>,
): Promise<Buffer> => {
  const file = await readNamed(store, key, length);
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
export const readLines = async (store: ObjectStore, part: PartEntry): Promise<readonly StoredLine[]> =>
  splitLines(await readPart(store, part)).flatMap((line) => parseSortable(line.toString('utf8')) ?? []);

/** A key of S3 has 1,024 bytes at most. */
const MAX_KEY_LINE = 1025;

/** The intake keys of a list. @throws {BrokenSealError} when they are not those of its manifest */
export const readKeyList = async (
  store: ObjectStore,
  { key, objects, sha256: expected }: KeyList,
): Promise<readonly string[]> => {
  const limit = objects * MAX_KEY_LINE;
  const file = await readNamed(store, key, limit);
  try {
    const text = keyListTextIn(file, limit);
    if (sha256(text) === expected) return keysIn(text);
  } catch (error) {
    throw brokenSeal(store.describe(key), error);
  }
  throw new BrokenSealError(store.describe(key), 'Its keys are not those of its manifest.');
};
