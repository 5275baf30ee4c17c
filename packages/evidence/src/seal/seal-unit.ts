import { isUtf8 } from 'node:buffer';

import {
  classOf,
  classOfType,
  loadAhead,
  parseLine,
  placeOfKey,
  shardOf,
  type EventClass,
} from '@compliance/ledger';

import { gunzipOne, gzip } from '../format/gzip.ts';
import { partKey, type PartName } from '../format/keys.ts';
import { MAX_INTAKE_BYTES, compressedLimit } from '../format/limits.ts';
import { named, type KeyList, type PartEntry } from '../format/manifest.ts';
import { parseSortable, partContent, splitLines, type Line, type StoredLine } from '../format/part.ts';
import type { Period } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import { readKeyList } from '../read/read-parts.ts';
import { createOrRead, fromArray, TooLongError, type ObjectStore } from '../store/object-store.ts';
import type { SealedUnit } from './checkpoints.ts';
import type { BegunKeeper } from './keeper.ts';
import { sealedEvents } from './sealed-events.ts';
import { foreignObject, parseOwn } from './own-objects.ts';

/** Work that one invocation does whole: some intake objects of one list. */
export interface Unit {
  readonly name: string;
  readonly list: KeyList;
  readonly chunk: number;
}

/** A part of so many objects fits into memory many times. */
const OBJECTS = 50_000;
/** The time of a small object is the way to S3 and back. */
const AHEAD = 48;

export const unitsOf = (lists: readonly KeyList[]): readonly Unit[] =>
  lists.flatMap((list) =>
    Array.from({ length: Math.max(1, Math.ceil(list.objects / OBJECTS)) }, (_, chunk) => ({
      name: `${list.key}#${chunk}`,
      list,
      chunk,
    })),
  );

/** Seals the events of a unit as parts: each once, sorted by time and id. */
export const sealUnit = async (
  keeper: BegunKeeper,
  period: Period,
  { unit, soFar }: { readonly unit: Unit; readonly soFar: readonly PartEntry[] },
): Promise<SealedUnit> => {
  const keys = (await readKeyList(keeper.sealed, unit.list)).slice(
    unit.chunk * OBJECTS,
    (unit.chunk + 1) * OBJECTS,
  );
  const { shards, unreadable } = await readEvents(keeper, keys);
  const parts: PartEntry[] = [];
  let duplicates = 0;
  for (const [, { place, lines }] of [...shards].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const sealed = await sealedEvents(keeper, period, { shard: place, soFar });
    const fresh = lines.filter((line) => sealed.add(line));
    duplicates += lines.length - fresh.length;
    if (fresh.length === 0) continue;
    const name = freeName(period, { ...place, late: unit.list.late, chunk: unit.chunk }, [
      ...soFar,
      ...parts,
    ]);
    parts.push(await writePart(keeper, { key: partKey(period, name), ...name }, fresh));
  }
  return { parts, duplicates, unreadable: named(unreadable) };
};

/** Keys of the former form are late in a list of their own, of every shard: a late part of one may be there already. */
const freeName = (period: Period, name: PartName, taken: readonly PartEntry[]): PartName => {
  const isTaken = taken.some(({ key }) => key === partKey(period, name));
  return isTaken ? freeName(period, { ...name, chunk: name.chunk + 1 }, taken) : name;
};

interface Place {
  readonly class: EventClass;
  readonly shard: string;
}

/** The events in objects of the intake, by the part that they belong to, and what is none. */
const readEvents = async ({ intake }: BegunKeeper, keys: readonly string[]) => {
  const shards = new Map<string, { readonly place: Place; readonly lines: StoredLine[] }>();
  const unreadable: string[] = [];
  const load = async (key: string) => ({ key, ...(await readObject(intake, key)) });
  for await (const { key, bytes, problem } of loadAhead(fromArray(keys), AHEAD, load)) {
    if (problem !== undefined) unreadable.push(`${key}: ${problem}`);
    for (const [index, content] of splitLines(bytes).entries()) {
      if (content.length === 0) continue;
      const parsed = parseEvent(key, content);
      if ('problem' in parsed) {
        unreadable.push(`${key}, line ${index + 1}: ${parsed.problem} SHA-256 ${sha256(content)}.`);
        continue;
      }
      const { place, line } = parsed;
      const name = `${place.class}/${place.shard}`;
      const shard = shards.get(name) ?? { place, lines: [] };
      shards.set(name, shard);
      shard.lines.push(line);
    }
  }
  return { shards, unreadable };
};

const NOTHING = Buffer.alloc(0);
const GONE = 'It is gone or archived.';

const readObject = async (intake: ObjectStore, key: string): Promise<{ bytes: Buffer; problem?: string }> => {
  try {
    const bytes = await intake.read(key, MAX_INTAKE_BYTES);
    return bytes ? { bytes } : { bytes: NOTHING, problem: GONE };
  } catch (error) {
    if (error instanceof TooLongError) return { bytes: NOTHING, problem: error.message };
    throw error;
  }
};

const parseEvent = (
  key: string,
  content: Buffer,
): { readonly place: Place; readonly line: StoredLine } | { readonly problem: string } => {
  // A character that is none would be stored as another one.
  const line = isUtf8(content) ? parseSortable(content.toString('utf8')) : undefined;
  if (!line) return { problem: 'It is not an audit event.' };
  const place = placeOf(key, line);
  return place ? { place, line } : { problem: 'It is an audit event of another class or account.' };
};

/**
 * The class and shard that the key says, where the event belongs there: elsewhere, it would be sealed a second time.
 * In keys of a release before, those of the event.
 */
const placeOf = (key: string, { accountId, type = '', text }: StoredLine): Place | undefined => {
  const place = placeOfKey(key);
  if (place) {
    const isOwn =
      shardOf({ accountId }) === place.shard && (classOfType(type) ?? place.class) === place.class;
    return isOwn ? { class: place.class, shard: place.shard } : undefined;
  }
  const parsed = parseLine(text);
  return 'event' in parsed ? { class: classOf(parsed.event), shard: shardOf(parsed.event) } : undefined;
};

/** Creates a part, or takes the one that a keeper before has left. @throws {ComplianceError} `foreign-object` */
const writePart = async (
  { sealed }: BegunKeeper,
  { key, class: name, shard, late }: Place & Pick<PartEntry, 'key' | 'late'>,
  lines: readonly Line[],
): Promise<PartEntry> => {
  const { bytes, ...figures } = partContent(lines);
  const file = { bytes: gzip(bytes), limit: compressedLimit(bytes.length) };
  const stored = await createOrRead(sealed, key, file);
  // Another build of zlib makes other bytes of the same lines.
  const isOwn = parseOwn(sealed, key, () => gunzipOne(stored, bytes.length)).equals(bytes);
  if (!isOwn) throw foreignObject(sealed.describe(key), 'has other lines than the intake.');
  return { key, class: name, shard, ...(late && { late }), bytes: bytes.length, ...figures };
};
