import { explain } from '@compliance/core';
import { CLASSES, loadAhead } from '@compliance/ledger';

import { gunzipOne } from '../format/gzip.ts';
import { intakeListBytes, intakeListOf } from '../format/intake-list.ts';
import {
  headKey,
  intakeListKey,
  isKeyListKey,
  manifestKey,
  partPrefix,
  publicKeyKey,
  takenPrefix,
} from '../format/keys.ts';
import { compressedLimit, MAX_KEY_BYTES, MAX_MANIFEST_BYTES } from '../format/limits.ts';
import { parseManifest, type KeyList, type Manifest, type PartEntry } from '../format/manifest.ts';
import { byTimeAndId, describeLines, parseSortable, splitLines } from '../format/part.ts';
import type { Hour, Period } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import { shortId } from '../format/short-id.ts';
import { isSignedBy, publicKeyOf, type PublicKey } from '../format/signer.ts';
import { fromArray, readExisting, type ObjectStore } from '../store/object-store.ts';
import { BrokenSealError, isAboutContent } from './broken-seal-error.ts';
import { readHead, readSignature, type StoredHead } from './list-heads.ts';
import { readKeyList } from './read-parts.ts';

/** What is wrong first, and with which object. */
export interface Problem {
  readonly period: Period;
  /** The path or URL of the object. */
  readonly place: string;
  readonly what: string;
}

/** A part, and the short forms of the ids of its lines, one after another. */
interface PartIds {
  readonly part: PartEntry;
  readonly ids: Buffer;
}

/** A period by itself: what it holds, or what is wrong with it. What links it with others is checked apart. */
export interface CheckedPeriod {
  readonly period: Period;
  /** Absent when something is wrong. */
  readonly stored?: StoredHead;
  /** Where the hours begin, in what was imported. */
  readonly firstHour?: Hour | undefined;
  readonly parts: readonly PartIds[];
  readonly problem?: Problem;
}

/** Checks the head, the signatures, the manifest and every line of a period. */
export const checkPeriod = async (store: ObjectStore, period: Period): Promise<CheckedPeriod> => {
  try {
    const stored = await at(headKey(period), () => checkHead(store, period));
    const manifest = await at(manifestKey(period), () => checkManifest(store, stored));
    const parts = await checkParts(store, manifest);
    await checkTaken(store, manifest);
    await at(headKey(period), () => checkLineCount(stored, manifest));
    await findForeign(store, manifest);
    return { period, stored, firstHour: manifest.firstHour, parts };
  } catch (error) {
    if (!(error instanceof BrokenError)) throw error;
    const { key, cause } = error;
    const what = cause instanceof BrokenSealError ? cause.what : explain(cause);
    return { period, parts: [], problem: { period, place: store.describe(key), what } };
  }
};

/** What is wrong with an object is the cause. */
class BrokenError extends Error {
  override name = 'BrokenError' as const;
  readonly key: string;

  constructor(key: string, cause: unknown) {
    super(`${key} is broken.`, { cause });
    this.key = key;
  }
}

/** Says of which object a check finds that something is wrong. That S3 or the disk refuses to read it says nothing of it. */
const at = async <Found>(key: string, check: () => Found | Promise<Found>): Promise<Found> => {
  try {
    return await check();
  } catch (error) {
    throw isAboutContent(error) ? new BrokenError(key, error) : error;
  }
};

/** The small objects of a period are read side by side: each is the way to S3 and back. */
const AHEAD = 16;

/** @throws {Error} when a head is missing, of another period, or not signed by the keys that it names */
export const checkHead = async (store: ObjectStore, period: Period): Promise<StoredHead> => {
  const stored = await readHead(store, period);
  if (!stored) throw new Error('It is missing.');
  if (stored.head.period !== period) throw new Error(`It is the head of ${stored.head.period}.`);
  await checkSignatures(store, stored);
  return stored;
};

const checkSignatures = async (store: ObjectStore, { head, bytes }: StoredHead): Promise<void> => {
  for (const keyId of [head.keyId, head.formerKeyId]) {
    if (keyId === undefined) continue;
    const pem = await store.read(publicKeyKey(keyId), MAX_KEY_BYTES);
    if (!pem)
      throw new Error(`The public key that it names is missing: ${store.describe(publicKeyKey(keyId))}.`);
    const key = parsePublicKey(pem, store.describe(publicKeyKey(keyId)));
    if (key.fingerprint !== keyId || key.pem !== pem.toString('utf8'))
      throw new Error(`The public key that it names is another one: ${store.describe(publicKeyKey(keyId))}.`);
    const signature = await readSignature(store, head.period, keyId);
    if (!signature) throw new Error(`It is not signed by ${keyId}.`);
    if (!isSignedBy(bytes, signature, key))
      throw new Error(`It was altered: the signature by ${keyId} does not match.`);
  }
};

const parsePublicKey = (pem: Buffer, place: string): PublicKey => {
  try {
    return publicKeyOf(pem.toString('utf8'));
  } catch (cause) {
    throw new Error(`The public key that it names cannot be read: ${place}.`, { cause });
  }
};

/** @throws {Error} when the manifest of a head is missing, of another period, or not the one that was signed */
export const checkManifest = async (store: ObjectStore, { head }: StoredHead): Promise<Manifest> => {
  const bytes = await readExisting(store, manifestKey(head.period), MAX_MANIFEST_BYTES);
  const manifest = parseManifest(bytes);
  if (manifest.period !== head.period) throw new Error(`It is the manifest of ${manifest.period}.`);
  if (sha256(bytes) !== head.manifest)
    throw new Error('It was altered: it is not the manifest that was signed.');
  return manifest;
};

const checkParts = async (store: ObjectStore, { parts }: Manifest): Promise<readonly PartIds[]> => {
  const load = async (part: PartEntry) => ({
    part,
    file: await at(part.key, () => store.read(part.key, compressedLimit(part.bytes))),
  });
  const checked: PartIds[] = [];
  for await (const { part, file } of loadAhead(fromArray(parts), AHEAD, load))
    checked.push({ part, ids: await at(part.key, () => checkPart(part, file)) });
  return checked;
};

/** @returns the short forms of the ids */
const checkPart = (part: PartEntry, file: Buffer | undefined): Buffer => {
  if (!file) throw new Error('It is missing, or archived.');
  const bytes = gunzipOne(file, part.bytes);
  // Before anything is made of the lines: many short ones take much memory.
  if (bytes.length !== part.bytes)
    throw new Error(`It was altered: it has ${bytes.length} bytes, its manifest says ${part.bytes}.`);
  if (sha256(bytes) !== part.sha256)
    throw new Error('It was altered: its lines are not those of its manifest.');
  const figures = describeLines(bytes);
  if (figures.lines !== part.lines || figures.root !== part.root)
    throw new Error('Its lines are not as many as its manifest says, or have another Merkle root.');
  const ids: Buffer[] = [];
  let last: ReturnType<typeof parseSortable>;
  for (const text of splitLines(bytes)) {
    const line = parseSortable(text.toString('utf8'));
    if (!line) throw new Error('It has a line that is no event.');
    if (last && byTimeAndId(last, line) > 0) throw new Error('Its lines are not sorted.');
    ids.push(shortId(part.class, line));
    last = line;
  }
  return Buffer.concat(ids);
};

/** Checks what says which intake objects were taken: the list of lists, which the manifest repeats, and each list. */
const checkTaken = async (store: ObjectStore, manifest: Manifest): Promise<void> => {
  const key = intakeListKey(manifest.period);
  await at(key, async () => {
    const bytes = await readExisting(store, key, MAX_MANIFEST_BYTES);
    if (!bytes.equals(intakeListBytes(intakeListOf(manifest))))
      throw new Error('It was altered: its manifest says that something else was taken.');
  });
  const check = (list: KeyList) => at(list.key, () => readKeyList(store, list));
  for await (const _ of loadAhead(fromArray(manifest.taken), AHEAD, check));
};

const checkLineCount = ({ head }: StoredHead, { parts }: Manifest): void => {
  if (parts.reduce((sum, { lines }) => sum + lines, 0) !== head.lines)
    throw new Error('It has another number of lines than its manifest.');
};

/** @throws {BrokenError} at the first object that lies among the parts and lists of a period and is none */
const findForeign = async (store: ObjectStore, { period, parts, taken }: Manifest): Promise<void> => {
  const own = new Set([...parts, ...taken].map(({ key }) => key));
  for (const prefix of [...CLASSES.map((name) => partPrefix(period, name)), takenPrefix(period)])
    for await (const key of store.list({ prefix }))
      // A keeper that another one overtook may have listed what came meanwhile; that is late for the next hour.
      if (!own.has(key) && !isKeyListKey(period, key))
        throw new BrokenError(key, new Error('It is foreign: no manifest names it.'));
};
