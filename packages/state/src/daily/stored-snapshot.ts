import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256, type ObjectStore } from '@compliance/evidence';

import type { LinesPart } from '../base/lines.ts';
import { SNAPSHOT_FILE, readManifest, type Manifest } from '../snapshot/manifest.ts';

/** Beside the sealed hours of which it is made, and not locked: it can be made again. */
const PREFIX = 'state/';
const SNAPSHOT_KEY = /^state\/dt=(\d{4}-\d\d-\d\d)\/[0-9a-f]{16}\/snapshot\.json$/;

/** A snapshot of the end of a day. */
export interface StoredSnapshot {
  readonly day: string;
  /** The key of its `snapshot.json`; its parts are beside it. */
  readonly key: string;
}

/** The newest snapshot of a day until `last`: of a later one, no hour is sealed to its end. */
export const newestSnapshot = async (
  store: ObjectStore,
  last = '9999-12-31',
): Promise<StoredSnapshot | undefined> => {
  let newest: StoredSnapshot | undefined;
  for await (const key of store.list({ prefix: PREFIX })) {
    const day = SNAPSHOT_KEY.exec(key)?.[1];
    // Of two of one day, by two releases, the first one.
    if (day !== undefined && day <= last && day !== newest?.day) newest = { day, key };
  }
  return newest;
};

/**
 * Stores a snapshot of a folder below its day and the digest of what it is: one that was begun by another release is never
 * mixed with it. `snapshot.json` comes last.
 */
export const storeSnapshot = async (
  store: ObjectStore,
  folder: string,
  manifest: Manifest,
  day: string,
): Promise<StoredSnapshot> => {
  const bytes = await readFile(join(folder, SNAPSHOT_FILE));
  const prefix = `${PREFIX}dt=${day}/${sha256(bytes).slice(0, 16)}/`;
  for (const { name } of partsOf(manifest))
    await store.create(`${prefix}${name}`, await readFile(join(folder, manifest.folder, name)));
  const key = `${prefix}${SNAPSHOT_FILE}`;
  await store.create(key, bytes);
  return { day, key };
};

/** More than a part of any snapshot has, and less than the keeper's memory. */
const MAX_BYTES = 2 ** 29;

/** Copies a stored snapshot into an empty folder, as if it had been built there. */
export const loadSnapshot = async (
  store: ObjectStore,
  { key }: StoredSnapshot,
  folder: string,
): Promise<Manifest> => {
  const load = async (name: string, path: string): Promise<void> => {
    const from = `${key.slice(0, -SNAPSHOT_FILE.length)}${name}`;
    const bytes = await store.read(from, MAX_BYTES);
    if (!bytes) throw new Error(`There is no ${store.describe(from)}, or it is archived.`);
    await writeFile(path, bytes);
  };
  await mkdir(folder, { recursive: true });
  await load(SNAPSHOT_FILE, join(folder, SNAPSHOT_FILE));
  const manifest = await readManifest(folder);
  if (!manifest) throw new Error(`${folder} was emptied by somebody else.`);
  await mkdir(join(folder, manifest.folder), { recursive: true });
  for (const { name } of partsOf(manifest)) await load(name, join(folder, manifest.folder, name));
  return manifest;
};

const partsOf = ({ rows, counts, stories, baselines }: Manifest): readonly LinesPart[] => [
  ...rows,
  ...counts,
  ...stories,
  ...baselines.flatMap((baseline) => baseline.counts),
];
