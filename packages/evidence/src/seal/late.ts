import {
  CLASSES,
  arrivedIn,
  classPrefix,
  isFormerKey,
  placeOfKey,
  type EventClass,
} from '@compliance/ledger';

import { keyListText } from '../format/intake-list.ts';
import type { KeyList } from '../format/manifest.ts';
import {
  dayOf,
  daysBefore,
  hoursLater,
  importedOf,
  startOf,
  type Hour,
  type Period,
} from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import { ID_DAYS } from '../format/short-id.ts';
import { readKeyList } from '../read/read-parts.ts';
import { byShard } from './by-shard.ts';
import type { BegunKeeper } from './keeper.ts';

const RECENT_HOURS = 48;

/**
 * The intake objects of the last 48 hours that no hour took: their writer's clock was behind. Once a day, everything that
 * the intake keeps is compared.
 */
export const lateKeys = async (keeper: BegunKeeper, hour: Hour): Promise<readonly string[]> => {
  const first = hoursLater(hour, -(hour.endsWith('T00') ? ID_DAYS * 24 : RECENT_HOURS));
  const candidates = new Set<string>();
  for (const name of CLASSES)
    for await (const keys of untaken(keeper, name, { first, until: hour }))
      for (const key of keys) candidates.add(key);
  for await (const key of formerKeys(keeper, dayOf(first), dayOf(hour))) candidates.add(key);
  if (candidates.size > 0) await removeTaken(keeper, candidates, hour);
  return [...candidates].toSorted();
};

/** The keys of each hour's shard that does not have exactly the objects which its hour took. */
const untaken = async function* (
  { intake, manifestOf }: BegunKeeper,
  name: EventClass,
  { first, until }: { readonly first: Hour; readonly until: Hour },
): AsyncGenerator<readonly string[]> {
  const prefix = classPrefix(name);
  const keys = intake.list({ prefix, after: `${prefix}${arrivedIn(startOf(first))}` });
  const end = `${prefix}${arrivedIn(startOf(until))}`;
  for await (const { hour, shard, keys: listed } of byShard(keysBefore(end, keys))) {
    const lists = (await manifestOf(hour))?.taken ?? [];
    const list = lists.find((one) => one.class === name && one.shard === shard && !one.late);
    if (list?.sha256 !== sha256(keyListText(listed))) yield listed;
  }
};

const keysBefore = async function* (end: string, keys: AsyncIterable<string>): AsyncGenerator<string> {
  for await (const key of keys) {
    if (key >= end) return;
    yield key;
  }
};

/** A function of the release before may still have run when the first hour was sealed. It stored by the day of the events. */
const formerKeys = async function* (
  { intake, formerPrefix, firstHour }: BegunKeeper,
  from: string,
  to: string,
): AsyncGenerator<string> {
  const last = daysBefore(dayOf(firstHour), -ID_DAYS);
  for (let day = from; day <= to && day <= last; day = daysBefore(day, -1))
    for await (const key of intake.list({ prefix: `${formerPrefix}${day.replaceAll('-', '/')}/` }))
      if (isFormerKey(key, formerPrefix)) yield key;
};

const removeTaken = async (keeper: BegunKeeper, candidates: Set<string>, hour: Hour): Promise<void> => {
  const oldest =
    [...candidates].map((key) => placeOfKey(key)?.hour ?? keeper.firstHour).toSorted()[0] ?? hour;
  for (const period of periodsBetween(keeper, oldest, hour))
    for (const list of (await keeper.manifestOf(period))?.taken ?? [])
      if (mayHold(list, candidates, period))
        for (const key of await readKeyList(keeper.sealed, list)) candidates.delete(key);
};

/** The imported days, and the hours from the oldest one on. */
const periodsBetween = (
  { importedDays, firstHour }: BegunKeeper,
  oldest: Hour,
  until: Hour,
): readonly Period[] => {
  const periods: Period[] = importedDays.map(importedOf);
  for (let hour = oldest > firstHour ? oldest : firstHour; hour < until; hour = hoursLater(hour, 1))
    periods.push(hour);
  return periods;
};

const mayHold = (list: KeyList, candidates: ReadonlySet<string>, period: Period): boolean =>
  list.late === true ||
  list.class === undefined ||
  candidates
    .values()
    .map(placeOfKey)
    .some((place) => place?.hour === period && place.class === list.class && place.shard === list.shard);
