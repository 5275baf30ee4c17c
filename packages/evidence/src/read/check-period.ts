import { explain } from '@compliance/core';
import { CLASSES, loadAhead } from '@compliance/ledger';

import { gunzipOne } from '../format/gzip.ts';
import { headKey, manifestKey, partPrefix, publicKeyKey, takenPrefix } from '../format/keys.ts';
import { parseManifest, type KeyList, type Manifest, type PartEntry } from '../format/manifest.ts';
import { byTimeAndId, describeLines, parseSortable, splitLines } from '../format/part.ts';
import type { Period } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import { isSignedBy, publicKeyOf } from '../format/signer.ts';
import { fromArray, readExisting, type ObjectStore } from '../store/object-store.ts';
import { readHead, readSignature, type StoredHead } from './list-heads.ts';
import { readKeyList } from './read-parts.ts';

/** What is wrong first, and with which object. */
export interface Problem {
  readonly period: Period;
  /** The path or URL of the object. */
  readonly place: string;
  readonly what: string;
}

/** A period by itself: what it holds, or what is wrong with it. The links between periods are checked apart. */
export interface CheckedPeriod {
  readonly period: Period;
  readonly stored?: StoredHead;
  readonly parts: number;
  readonly lines: number;
  readonly problem?: Problem;
}

/** Checks the head, the signatures, the manifest and every line of a period. */
export const checkPeriod = async (store: ObjectStore, period: Period): Promise<CheckedPeriod> => {
  const checked = { period, parts: 0, lines: 0 };
  const problemAt = (key: string, error: unknown) => ({
    period,
    place: store.describe(key),
    what: error instanceof Error ? explain(error) : String(error),
  });
  let at = headKey(period);
  try {
    const stored = await readHead(store, period);
    if (!stored) throw new Error('It is missing.');
    if (stored.head.period !== period) throw new Error(`It is the head of ${stored.head.period}.`);
    await checkSignatures(store, stored);
    const found = { ...checked, stored };
    at = manifestKey(period);
    const manifest = await checkManifest(store, stored);
    const ids = new Set<string>();
    const load = async (part: PartEntry) => ({
      part,
      loaded: await store.read(part.key).then(
        (file) => ({ file }),
        (error: unknown) => ({ error }),
      ),
    });
    for await (const { part, loaded } of loadAhead(fromArray(manifest.parts), AHEAD, load)) {
      at = part.key;
      if ('error' in loaded) throw loaded.error;
      checkPart(part, loaded.file, ids);
    }
    const check = async (list: KeyList) => ({
      list,
      problem: await readKeyList(store, list).then(() => undefined, explain),
    });
    for await (const { list, problem } of loadAhead(fromArray(manifest.taken), AHEAD, check)) {
      at = list.key;
      if (problem !== undefined) throw new Error(problem);
    }
    at = headKey(period);
    if (manifest.parts.reduce((sum, { lines }) => sum + lines, 0) !== stored.head.lines)
      throw new Error('It has another number of lines than its manifest.');
    const foreign = await findForeign(store, manifest);
    if (foreign !== undefined)
      return { ...found, problem: problemAt(foreign, 'It is foreign: no manifest names it.') };
    return { ...found, parts: manifest.parts.length, lines: stored.head.lines };
  } catch (error) {
    return { ...checked, problem: problemAt(at, error) };
  }
};

/** The small objects of a period are read side by side: each is the way to S3 and back. */
const AHEAD = 16;

const checkSignatures = async (store: ObjectStore, { head, bytes }: StoredHead): Promise<void> => {
  for (const keyId of [head.keyId, head.formerKeyId]) {
    if (keyId === undefined) continue;
    const pem = await store.read(publicKeyKey(keyId));
    if (!pem)
      throw new Error(`The public key that it names is missing: ${store.describe(publicKeyKey(keyId))}.`);
    const key = publicKeyOf(pem.toString('utf8'));
    if (key.fingerprint !== keyId)
      throw new Error(`The public key that it names is another one: ${store.describe(publicKeyKey(keyId))}.`);
    const signature = await readSignature(store, head.period, keyId);
    if (!signature) throw new Error(`It is not signed by ${keyId}.`);
    if (!isSignedBy(bytes, signature, key))
      throw new Error(`It was altered: the signature by ${keyId} does not match.`);
  }
};

const checkManifest = async (store: ObjectStore, { head }: StoredHead): Promise<Manifest> => {
  const bytes = await readExisting(store, manifestKey(head.period));
  const manifest = parseManifest(bytes);
  if (manifest.period !== head.period) throw new Error(`It is the manifest of ${manifest.period}.`);
  if (sha256(bytes) !== head.manifest)
    throw new Error('It was altered: it is not the manifest that was signed.');
  return manifest;
};

const checkPart = (part: PartEntry, file: Buffer | undefined, ids: Set<string>): void => {
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
  let last: ReturnType<typeof parseSortable>;
  for (const text of splitLines(bytes)) {
    const line = parseSortable(text.toString('utf8'));
    if (!line) throw new Error('It has a line that is no event.');
    if (last && byTimeAndId(last, line) > 0) throw new Error('Its lines are not sorted.');
    if (ids.has(line.id)) throw new Error(`The event ${line.id} is there twice.`);
    ids.add(line.id);
    last = line;
  }
};

/** What lies among the parts and lists of a period and is none. */
const findForeign = async (
  store: ObjectStore,
  { period, parts, taken }: Manifest,
): Promise<string | undefined> => {
  const own = new Set([...parts, ...taken].map(({ key }) => key));
  for (const prefix of [...CLASSES.map((name) => partPrefix(period, name)), takenPrefix(period)])
    for await (const key of store.list({ prefix })) if (!own.has(key)) return key;
  return undefined;
};
