import { CLASSES, arrivedIn, classPrefix, placeOfKey } from '@compliance/ledger';

import {
  intakeListBytes,
  keyListFile,
  keyListText,
  keyListTextIn,
  keysIn,
  parseIntakeList,
  type IntakeList,
} from '../format/intake-list.ts';
import { intakeListKey, keyListKey, type ListName } from '../format/keys.ts';
import { MAX_KEY_LIST_BYTES, MAX_MANIFEST_BYTES } from '../format/limits.ts';
import { named, type KeyList } from '../format/manifest.ts';
import { dayOf, isHour, startOf, type Hour, type Period } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import { createOrRead } from '../store/object-store.ts';
import { byShard } from './by-shard.ts';
import { lateKeys } from './late.ts';
import { olderKeys } from './older-days.ts';
import type { BegunKeeper } from './keeper.ts';
import { parseOwn } from './own-objects.ts';

/**
 * Decides which intake objects a period takes. The decision is written once, before anything is sealed: what arrives
 * meanwhile is for the next hour, and a keeper that is killed, or runs twice at once, seals the same.
 */
export const takeIntake = async (keeper: BegunKeeper, period: Period): Promise<IntakeList> => {
  const key = intakeListKey(period);
  const found = await keeper.sealed.read(key, MAX_MANIFEST_BYTES);
  if (found) return parseOwn(keeper.sealed, key, () => parseIntakeList(found));
  const { lists, foreign } = isHour(period)
    ? await takeHour(keeper, period)
    : { lists: await takeOlder(keeper, period), foreign: [] };
  const list: IntakeList = {
    format: 1,
    period,
    ...(isHour(period) ? {} : { imported: true as const, firstHour: keeper.firstHour }),
    code: keeper.code,
    foreign: named(foreign),
    lists: [...lists],
  };
  const file = { bytes: intakeListBytes(list), limit: MAX_MANIFEST_BYTES };
  const stored = await createOrRead(keeper.sealed, key, file);
  return parseOwn(keeper.sealed, key, () => parseIntakeList(stored));
};

const takeHour = async (keeper: BegunKeeper, hour: Hour) => {
  const lists: KeyList[] = [];
  const foreign: string[] = [];
  for (const name of CLASSES) {
    const prefix = `${classPrefix(name)}${arrivedIn(startOf(hour))}/`;
    const shards = byShard(keeper.intake.list({ prefix }), (key) => foreign.push(key));
    for await (const { shard, keys } of shards)
      lists.push(await writeKeys(keeper, hour, { class: name, shard }, keys));
  }
  const late = Map.groupBy(await lateKeys(keeper, hour), (key) => {
    const place = placeOfKey(key);
    return place ? `${place.class}/${place.shard}` : 'former';
  });
  for (const keys of late.values()) {
    const place = placeOfKey(keys[0] ?? '');
    const name = { class: place?.class, shard: place?.shard, late: true } as const;
    lists.push(await writeKeys(keeper, hour, name, keys));
  }
  return { lists, foreign };
};

const takeOlder = async (keeper: BegunKeeper, period: Period): Promise<readonly KeyList[]> => {
  const keys = await Array.fromAsync(olderKeys(keeper, dayOf(period), keeper.firstHour));
  return [await writeKeys(keeper, period, {}, keys)];
};

/** Writes a list of keys. One that a killed keeper left is taken as it lies; what it lacks is late for the next hour. */
const writeKeys = async (
  { sealed }: BegunKeeper,
  period: Period,
  name: ListName,
  keys: readonly string[],
): Promise<KeyList> => {
  const key = keyListKey(period, name);
  const file = { bytes: keyListFile(keyListText(keys)), limit: MAX_KEY_LIST_BYTES };
  const stored = await createOrRead(sealed, key, file);
  const text = parseOwn(sealed, key, () => keyListTextIn(stored));
  const { class: eventClass, shard, late } = name;
  return {
    key,
    ...(eventClass !== undefined && { class: eventClass }),
    ...(shard !== undefined && { shard }),
    ...(late && { late }),
    objects: keysIn(text).length,
    sha256: sha256(text),
  };
};
