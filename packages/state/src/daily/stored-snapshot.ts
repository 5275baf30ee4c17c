import { readFile, writeFile, rm } from 'node:fs/promises';
import { join } from 'node:path';

import { MAX_HEAD_BYTES, TooLongError, headKey, sha256, type ObjectStore } from '@compliance/evidence';

import { assertWhole, type LinesPart } from '../base/lines.ts';
import { StateError } from '../base/state-error.ts';
import { DAY_MS } from '../base/times.ts';
import {
  SNAPSHOT_FILE,
  emptyFolder,
  folderOf,
  parseManifest,
  writeManifest,
  type Manifest,
} from '../snapshot/manifest.ts';

/** Beside the sealed hours of which it is made, and not locked: it can be made again. */
const PREFIX = 'state/';
const SNAPSHOT_KEY = /^state\/dt=(\d{4}-\d\d-\d\d)\/([0-9a-f]{16})(?:-\d+)?\/snapshot\.json$/;

/** A snapshot of the end of a day. */
export interface StoredSnapshot {
  readonly day: string;
  /** The key of its `snapshot.json`; its parts are beside it. */
  readonly key: string;
  /** The digest of its `snapshot.json`, by which its folder is named. */
  readonly digest: string;
}

/** A snapshot that is not whole, and why. */
export interface BrokenSnapshot extends StoredSnapshot {
  readonly what: string;
}

/** The snapshots of days until `last`, the newest first: of a later one, no hour is sealed to its end. */
export const storedSnapshots = async (
  store: ObjectStore,
  last: string,
): Promise<readonly StoredSnapshot[]> => {
  const found: StoredSnapshot[] = [];
  for await (const key of store.list({ prefix: PREFIX })) {
    const [, day, digest] = SNAPSHOT_KEY.exec(key) ?? [];
    if (day !== undefined && digest !== undefined && day <= last) found.push({ day, key, digest });
  }
  // Of two of one day, by two releases, the first one.
  return found.toSorted((a, b) => (a.day === b.day ? (a.key < b.key ? -1 : 1) : a.day < b.day ? 1 : -1));
};

export interface LoadOptions {
  /** The last day whose snapshot may be loaded. */
  readonly last: string;
  /** Receives each snapshot that is skipped because it is not whole. */
  readonly onBroken: (broken: BrokenSnapshot) => void;
}

/** Copies the newest snapshot that is whole into an empty folder, as if it had been built there. */
export const loadNewestSnapshot = async (
  store: ObjectStore,
  folder: string,
  { last, onBroken }: LoadOptions,
): Promise<{ readonly day: string; readonly manifest: Manifest } | undefined> => {
  for (const stored of await storedSnapshots(store, last)) {
    const manifest = await unlessBroken(
      () => loadSnapshot(store, stored, folder),
      (what) => onBroken({ ...stored, what }),
    );
    if (manifest) return { day: stored.day, manifest };
  }
  return undefined;
};

/** Whether a snapshot's `snapshot.json` is whole. Its parts are not read. */
export const isSnapshot = async (store: ObjectStore, stored: StoredSnapshot): Promise<boolean> =>
  (await unlessBroken(() => readSnapshot(store, stored))) !== undefined;

const unlessBroken = async <Found>(
  read: () => Promise<Found>,
  onBroken: (what: string) => void = () => {},
): Promise<Found | undefined> => {
  try {
    return await read();
  } catch (error) {
    // What S3 or the disk refuses says nothing about a snapshot.
    if (!(error instanceof StateError || error instanceof TooLongError)) throw error;
    onBroken(error instanceof StateError ? error.what : error.message);
    return undefined;
  }
};

/** More than a `snapshot.json` has, whose figures are of the whole organization. */
const MAX_SNAPSHOT_BYTES = 2 ** 26;
/** More than a part of any snapshot has, and less than the keeper's memory. */
const MAX_PART_BYTES = 2 ** 29;

const readBeside = async (
  store: ObjectStore,
  { key }: StoredSnapshot,
  { name, limit }: { readonly name: string; readonly limit: number },
) => {
  const from = `${key.slice(0, -SNAPSHOT_FILE.length)}${name}`;
  const place = store.describe(from);
  const bytes = await store.read(from, limit);
  if (bytes) return { bytes, place };
  throw new StateError(`There is no ${place}, or it is archived.`);
};

/** Reads and checks a `snapshot.json`. */
const readSnapshot = async (store: ObjectStore, stored: StoredSnapshot) => {
  const { day, digest } = stored;
  const { bytes, place } = await readBeside(store, stored, {
    name: SNAPSHOT_FILE,
    limit: MAX_SNAPSHOT_BYTES,
  });
  if (digestOf(bytes) !== digest)
    throw new StateError(`${place} is not what was stored: its SHA-256 differs.`);
  const manifest = parseManifest(bytes.toString('utf8'), place);
  const { until, folder, sealed } = manifest;
  const end = new Date(Date.parse(`${day}T00:00:00Z`) + DAY_MS);
  if (until !== end.getTime() || folder !== folderOf(end) || !sealed)
    throw new StateError(`${place} is not of the sealed hours until the end of ${day}.`);
  // The hours that follow a state of another ledger would be named as broken instead of it.
  const key = headKey(sealed.last.period);
  const head = await store.read(key, MAX_HEAD_BYTES);
  if (sealed.last.period.slice(0, day.length) > day || !head || sha256(head) !== sealed.last.sha256)
    throw new StateError(
      `${place} is not of this ledger: it ends with another head than ${store.describe(key)}.`,
    );
  return { manifest, bytes };
};

/** `snapshot.json` comes last: a process that dies leaves an empty folder, and no snapshot without its parts. */
const loadSnapshot = async (
  store: ObjectStore,
  stored: StoredSnapshot,
  folder: string,
): Promise<Manifest> => {
  const { manifest, bytes } = await readSnapshot(store, stored);
  const target = await emptyFolder(join(folder, manifest.folder));
  try {
    for (const part of partsOf(manifest)) {
      const file = await readBeside(store, stored, { name: part.name, limit: MAX_PART_BYTES });
      await assertWhole(part, file.place, file.bytes);
      await writeFile(join(target, part.name), file.bytes);
    }
  } catch (error) {
    await rm(target, { recursive: true });
    throw error;
  }
  await writeManifest(folder, manifest, bytes);
  return manifest;
};

/**
 * Stores a snapshot of a folder below its day and the digest of what it is: one that was begun by another release is never
 * mixed with it, and neither is a broken one, which is not replaced. `snapshot.json` comes last.
 */
export const storeSnapshot = async (
  store: ObjectStore,
  { folder, manifest, day }: { readonly folder: string; readonly manifest: Manifest; readonly day: string },
  broken: readonly BrokenSnapshot[],
): Promise<void> => {
  const bytes = await readFile(join(folder, SNAPSHOT_FILE));
  const beside = broken.filter((one) => one.day === day).length;
  const prefix = `${PREFIX}dt=${day}/${digestOf(bytes)}${beside > 0 ? `-${beside}` : ''}/`;
  for (const part of partsOf(manifest))
    await store.create(`${prefix}${part.name}`, await readFile(join(folder, manifest.folder, part.name)));
  await store.create(`${prefix}${SNAPSHOT_FILE}`, bytes);
};

const digestOf = (bytes: Buffer): string => sha256(bytes).slice(0, 16);

const partsOf = ({ rows, aside = [], counts, stories, baselines }: Manifest): readonly LinesPart[] => [
  ...rows,
  ...aside,
  ...counts,
  ...stories,
  ...baselines.flatMap((baseline) => baseline.counts),
];
