import type { EventClass } from '@compliance/ledger';

import { idsKey, manifestKey } from '../format/keys.ts';
import { MAX_PART_BYTES } from '../format/limits.ts';
import type { PartEntry } from '../format/manifest.ts';
import type { StoredLine } from '../format/part.ts';
import {
  dayOf,
  daysBefore,
  hoursLater,
  importedOf,
  isHour,
  type Hour,
  type Period,
} from '../format/period.ts';
import { ID_DAYS, shortId, SHORT_ID_BYTES } from '../format/short-id.ts';
import { BrokenSealError } from '../read/broken-seal-error.ts';
import { readLines } from '../read/read-parts.ts';
import { createOrRead } from '../store/object-store.ts';
import type { BegunKeeper } from './keeper.ts';
import { parseOwn } from './own-objects.ts';

interface Shard {
  readonly class: EventClass;
  readonly shard: string;
}

/** Events of a shard that were sealed. */
export interface SealedEvents {
  /** Adds an event. Returns false when it was there. */
  add(line: StoredLine): boolean;
}

/** The events of a shard that were sealed in the 35 days before, and in this period so far. */
export const sealedEvents = async (
  keeper: BegunKeeper,
  period: Period,
  { shard, soFar }: { readonly shard: Shard; readonly soFar: readonly PartEntry[] },
): Promise<SealedEvents> => {
  const today = dayOf(period);
  const texts = new Set<string>();
  for (const day of daysUntil(today, keeper)) addAll(texts, await idsOfDay(keeper, day, shard));
  const parts = [...(await partsOfDay(keeper, today, period)), ...soFar];
  addAll(texts, await idsOfParts(keeper, parts, shard));
  return { add: (line) => texts.size < texts.add(idText(shard.class, line)).size };
};

/** The last 35 days that have something sealed. Only these are complete. */
const daysUntil = (today: string, { firstDay }: BegunKeeper): readonly string[] =>
  Array.from({ length: ID_DAYS }, (_, index) => daysBefore(today, ID_DAYS - index)).filter(
    (day) => day >= firstDay,
  );

// A day that is over does not change: its ids are read from the parts once, and stored next to one another.
const idsOfDay = async (keeper: BegunKeeper, day: string, shard: Shard): Promise<readonly string[]> => {
  const key = idsKey(day, shard.class, shard.shard);
  const stored =
    (await keeper.sealed.read(key, MAX_PART_BYTES)) ??
    (await createOrRead(keeper.sealed, key, {
      bytes: Buffer.from((await idsOfParts(keeper, await partsOfDay(keeper, day), shard)).join(''), 'latin1'),
      limit: MAX_PART_BYTES,
    }));
  return parseOwn(keeper.sealed, key, () => split(stored));
};

const idsOfParts = async (
  { sealed }: BegunKeeper,
  parts: readonly PartEntry[],
  { class: name, shard }: Shard,
): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const part of parts)
    if (part.class === name && part.shard === shard)
      for (const line of await readLines(sealed, part)) ids.push(idText(name, line));
  return ids;
};

const partsOfDay = async (
  { sealed, manifestOf, firstHour }: BegunKeeper,
  day: string,
  before?: Period,
): Promise<readonly PartEntry[]> => {
  const hours = hoursOf(day).filter((hour) => hour >= firstHour);
  const periods = [importedOf(day), ...hours].filter((period) => before === undefined || period < before);
  const parts = periods.map(async (period) => {
    const manifest = await manifestOf(period);
    // Hours are sealed in their order: one without a manifest would hide its ids.
    if (!manifest && isHour(period))
      throw new BrokenSealError(sealed.describe(manifestKey(period)), 'It is missing, or archived.');
    return manifest?.parts ?? [];
  });
  return (await Promise.all(parts)).flat();
};

const hoursOf = (day: string): readonly Hour[] =>
  Array.from({ length: 24 }, (_, hour) => hoursLater(`${day}T00`, hour));

const idText = (name: EventClass, line: StoredLine): string => shortId(name, line).toString('latin1');

const split = (bytes: Buffer): readonly string[] => {
  const count = bytes.length / SHORT_ID_BYTES;
  if (!Number.isInteger(count))
    throw new Error(`Its ids have ${SHORT_ID_BYTES} bytes each; the last one has fewer.`);
  return Array.from({ length: count }, (_, index) =>
    bytes.toString('latin1', index * SHORT_ID_BYTES, (index + 1) * SHORT_ID_BYTES),
  );
};

// A call with as many arguments as there are ids would exceed the stack.
const addAll = (texts: Set<string>, ids: readonly string[]): void => {
  for (const id of ids) texts.add(id);
};
