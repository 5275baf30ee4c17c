import { permanent } from '@compliance/core';
import { classOf, loadAhead, parseLine, placeOfKey, shardOf, type EventClass } from '@compliance/ledger';

import { gunzipOne, gzip } from '../format/gzip.ts';
import { partKey } from '../format/keys.ts';
import { named, type KeyList, type PartEntry } from '../format/manifest.ts';
import { parseSortable, partContent, type Line } from '../format/part.ts';
import type { Period } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import { readKeyList } from '../read/read-parts.ts';
import { createOrRead, fromArray } from '../store/object-store.ts';
import type { SealedUnit } from './checkpoints.ts';
import type { BegunKeeper } from './keeper.ts';
import { knownIds } from './known-ids.ts';

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

/** Seals the events of a unit as parts: each id once, sorted by time and id. */
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
    const ids = await knownIds(keeper, period, { shard: place, soFar });
    const fresh = lines.filter(({ id }) => ids.add(id));
    duplicates += lines.length - fresh.length;
    const name = { ...place, late: unit.list.late, chunk: unit.chunk };
    if (fresh.length > 0) parts.push(await writePart(keeper, { key: partKey(period, name), ...name }, fresh));
  }
  return { parts, duplicates, unreadable: named(unreadable) };
};

interface Place {
  readonly class: EventClass;
  readonly shard: string;
}

const readEvents = async ({ intake }: BegunKeeper, keys: readonly string[]) => {
  const shards = new Map<string, { readonly place: Place; readonly lines: Line[] }>();
  const unreadable: string[] = [];
  const load = async (key: string) => ({ key, bytes: await intake.read(key) });
  for await (const { key, bytes } of loadAhead(fromArray(keys), AHEAD, load)) {
    if (!bytes) unreadable.push(`${key}: It is gone or archived.`);
    for (const [index, text] of (bytes?.toString('utf8') ?? '').split('\n').entries()) {
      if (text === '') continue;
      const line = parseSortable(text);
      const place = line && placeOf(key, text);
      if (!line || !place) {
        unreadable.push(`${key}, line ${index + 1}: It is not an audit event. SHA-256 ${sha256(text)}.`);
        continue;
      }
      const name = `${place.class}/${place.shard}`;
      const shard = shards.get(name) ?? { place, lines: [] };
      shards.set(name, shard);
      shard.lines.push(line);
    }
  }
  return { shards, unreadable };
};

/** The class and shard that the key says; in keys of a release before, those of the event. */
const placeOf = (key: string, text: string): Place | undefined => {
  const place = placeOfKey(key);
  if (place) return { class: place.class, shard: place.shard };
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
  const stored = gunzipOne(await createOrRead(sealed, key, gzip(bytes)));
  if (!stored.equals(bytes))
    throw permanent(
      'foreign-object',
      `${sealed.describe(key)} has other lines than the intake. The keeper did not write it: find out who did.`,
    );
  return { key, class: name, shard, ...(late && { late }), bytes: bytes.length, ...figures };
};
