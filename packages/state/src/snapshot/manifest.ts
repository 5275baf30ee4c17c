import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { explain } from '@compliance/core';
import { ChainLink } from '@compliance/evidence';
import * as z from 'zod';

import { LinesPart } from '../base/lines.ts';
import { StateError } from '../base/state-error.ts';
import { RemediatedDay } from '../history/remediated.ts';
import { TrendPoint } from '../history/trend.ts';

export const STATE_SCHEMA = 1;

/** The folder of the state, beside the data of the dashboard. */
export const STATE_FOLDER = 'state';

const Parts = z.array(LinesPart);
/** The milliseconds of a Date. */
const Instant = z.number().min(0).max(8.64e15);

/** A period of which the ledger has no record, or not all. Times are milliseconds. */
const Gap = z.object({ from: z.number(), to: z.number(), reason: z.string() });
export type Gap = Readonly<z.infer<typeof Gap>>;

/** What of the state comes from sealed hours. All of them were verified, each after the one before. */
const Sealed = z.object({
  /** The newest head that was read. */
  last: ChainLink,
  /** What arrived before this time is sealed. */
  until: z.number(),
  /** The fingerprints of the keys that signed. */
  keys: z.array(z.string()),
  /** How many hours were missing, in all merges. */
  missingHours: z.int(),
});
export type Sealed = Readonly<z.infer<typeof Sealed>>;

/** What a snapshot is made of. It is written last: a snapshot is whole, or it is none. Times are milliseconds. */
export const Manifest = z.object({
  schemaVersion: z.literal(STATE_SCHEMA),
  /** The folder of the parts, beside the manifest. */
  folder: z.string().regex(/^\d{8}T\d{9}Z$/),
  /** The events before this time are in it. */
  until: Instant,
  /** The time of the first snapshot: before, only what is in the ledger is known. */
  knownSince: Instant,
  /** Rows by account, rule, Region and resource. */
  rows: Parts,
  /** Rows of accounts and rules that are out of scope, in the same order: they are shown and counted nowhere. */
  aside: z.optional(Parts),
  /** Counts by account and rule. */
  counts: Parts,
  /** What was planned, decided and done in the last 90 days, in the order of rows. */
  stories: Parts,
  totals: z.object({ c: z.int(), v: z.int(), x: z.int(), e: z.int(), u: z.int() }),
  /** Counts of former snapshots, oldest first. */
  baselines: z.array(z.object({ at: z.number(), counts: Parts })),
  trend: z.array(TrendPoint),
  /** When no snapshot was made in time, and the ledger had no events any more; and which sealed hours were missing. */
  gaps: z.array(Gap),
  /** Absent where the ledger is not sealed. */
  sealed: z.optional(Sealed),
  remediated: z.array(RemediatedDay),
  /** Lines and objects of the ledger that were left out: of what is sealed in all merges, of the intake in the last one. */
  skipped: z.int(),
  /** How many of them are in the intake, and so for the next merge to leave out again. */
  skippedInIntake: z.optional(z.int()),
  differences: z.object({
    /** Sweeps that counted something else than the state. */
    count: z.int(),
    /** Rules by account and Region that were swept. */
    swept: z.int(),
    /** The first of them. */
    first: z.array(
      z.object({
        account: z.string(),
        rule: z.string(),
        region: z.string(),
        /** Compliant, violating, exempt, excluded, unknown. `null`: the sweep does not say. */
        sweep: z.array(z.nullable(z.int())),
        state: z.array(z.int()),
      }),
    ),
  }),
  /** The severity of each rule, by the newest event. */
  severities: z.record(z.string(), z.string()),
});
export type Manifest = Readonly<z.infer<typeof Manifest>>;

/** The name of the folder of a snapshot's parts. */
export const folderOf = (until: Date): string => until.toISOString().replaceAll(/[-:.]/g, '');

/** The file of the manifest, beside the folder of its parts. */
export const SNAPSHOT_FILE = 'snapshot.json';
const Version = z.looseObject({ schemaVersion: z.number() });

/**
 * Reads the manifest of the newest snapshot. `undefined`: there is none, and the population is not known.
 * @throws {StateError} when it is broken or of another schema
 */
export const readManifest = async (folder: string): Promise<Manifest | undefined> => {
  const path = join(folder, SNAPSHOT_FILE);
  const text = await readUnlessMissing(path);
  return text === undefined ? undefined : parseManifest(text, path);
};

/** @throws {StateError} naming the place, when it is broken or of another schema */
export const parseManifest = (text: string, place: string): Manifest => {
  const value = parseJson(text);
  if (value === undefined) throw new StateError(`${place} is broken: it is not JSON.`);
  const version = Version.safeParse(value).data?.schemaVersion;
  if (version !== undefined && version !== STATE_SCHEMA)
    throw new StateError(`${place} has schema ${version}, and this release reads ${STATE_SCHEMA}.`);
  const manifest = Manifest.safeParse(value);
  if (manifest.success) return manifest.data;
  throw new StateError(`${place} is broken: ${explain(manifest.error)}`, { cause: manifest.error });
};

/** Makes a snapshot the newest one, and deletes the parts of others. */
export const writeManifest = async (
  folder: string,
  manifest: Manifest,
  bytes: string | Buffer = `${JSON.stringify(manifest)}\n`,
): Promise<void> => {
  const draft = join(folder, `${SNAPSHOT_FILE}.draft`);
  await writeFile(draft, bytes);
  await rename(draft, join(folder, SNAPSHOT_FILE));
  await deleteOthers(folder, manifest.folder);
};

/** An empty folder for the parts of a new snapshot, also when a process died while it wrote them. */
export const emptyFolder = async (folder: string): Promise<string> => {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  return folder;
};

const deleteOthers = async (folder: string, kept: string): Promise<void> => {
  const entries = await readdir(folder, { withFileTypes: true });
  for (const entry of entries)
    if (entry.isDirectory() && entry.name !== kept)
      await rm(join(folder, entry.name), { recursive: true, force: true });
};

const readUnlessMissing = async (path: string): Promise<string | undefined> => {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw new StateError(`${path} cannot be read.`, { cause: error });
  }
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
};
