import { canonical } from '@compliance/core';
import { CLASSES } from '@compliance/ledger';
import * as z from 'zod';

import { Digest } from './head.ts';
import { jsonIn } from './json.ts';
import { keyListKey, partKey } from './keys.ts';
import { MAX_PART_BYTES } from './limits.ts';
import { HourText, PeriodText } from './period.ts';

const Shard = z.string().regex(/^[0-3][0-9a-f]$/);
const Count = z.int().nonnegative();

/** A list of intake objects that a period took. */
export const KeyList = z.object({
  key: z.string(),
  class: z.enum(CLASSES).optional(),
  shard: Shard.optional(),
  late: z.literal(true).optional(),
  objects: Count,
  /** Of the keys, one a line. */
  sha256: Digest,
});
export type KeyList = Readonly<z.infer<typeof KeyList>>;

/** The first few of what was left out, and how many there were. */
const Named = z.object({ count: Count, first: z.array(z.string()) });
export type Named = Readonly<z.infer<typeof Named>>;

export const PartEntry = z.object({
  key: z.string(),
  class: z.enum(CLASSES),
  shard: Shard,
  /** It arrived after its own hour was sealed. */
  late: z.literal(true).optional(),
  lines: Count,
  /** Of the uncompressed lines. */
  bytes: Count.max(MAX_PART_BYTES),
  sha256: Digest,
  /** The Merkle root over the lines, by RFC 6962. */
  root: Digest,
});
export type PartEntry = Readonly<z.infer<typeof PartEntry>>;

/** What was sealed for a period; without parts when nothing happened, so that absence can be proven. */
export const Manifest = z.object({
  format: z.literal(1),
  period: PeriodText,
  /** Sealed from what an earlier release had stored: nothing is claimed for the time before. */
  imported: z.literal(true).optional(),
  /** The hour that follows what is imported; absent in what a release before imported. */
  firstHour: HourText.optional(),
  /** The version of the code that took the intake. */
  code: z.string(),
  taken: z.array(KeyList),
  /** Objects of the intake that no ledger wrote. They are left where they are. */
  foreign: Named,
  /** Lines that are no events, and objects that were gone when they were read. */
  unreadable: Named,
  /** Lines whose id was sealed in the 35 days before. */
  duplicates: Count,
  parts: z.array(PartEntry),
});
export type Manifest = Readonly<z.infer<typeof Manifest>>;

export const manifestBytes = (manifest: Manifest): Buffer => Buffer.from(`${canonical(manifest)}\n`);

/** @throws {Error} when it is no manifest, or names objects that are not of its period */
export const parseManifest = (bytes: Buffer): Manifest => {
  const manifest = Manifest.parse(jsonIn(bytes));
  const { period } = manifest;
  const strange =
    manifest.parts.find((part) => part.key !== partKey(period, { ...part, chunk: chunkOf(part.key) })) ??
    manifest.taken.find((list) => list.key !== keyListKey(period, list));
  if (strange)
    throw new Error(`It names an object where none of its own can be: ${JSON.stringify(strange.key)}.`);
  return manifest;
};

/** Which of the parts of a shard it is. */
const chunkOf = (key: string): number => Number(/\.(\d{1,9})\.ndjson\.gz$/.exec(key)?.[1] ?? 0);

/** The first few of many names. */
export const named = (names: readonly string[], count = names.length): Named => ({
  count,
  first: names.slice(0, FIRST),
});

const FIRST = 20;

export const joinNamed = (all: readonly Named[]): Named =>
  named(
    all.flatMap(({ first }) => first),
    all.reduce((sum, { count }) => sum + count, 0),
  );
