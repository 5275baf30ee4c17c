import { placeOfKey } from '@compliance/ledger';

import type { Hour } from '../format/period.ts';

interface ShardKeys {
  readonly hour: Hour;
  readonly shard: string;
  readonly keys: readonly string[];
}

/**
 * Groups the keys of a class, which sort by hour and shard. Memory holds one group.
 * @param onForeign receives each key that no ledger writes
 */
export const byShard = async function* (
  keys: AsyncIterable<string>,
  onForeign: (key: string) => void = () => {},
): AsyncGenerator<ShardKeys> {
  let group: (ShardKeys & { readonly keys: string[] }) | undefined;
  for await (const key of keys) {
    const place = placeOfKey(key);
    if (!place) {
      onForeign(key);
      continue;
    }
    if (group && (group.hour !== place.hour || group.shard !== place.shard)) {
      yield group;
      group = undefined;
    }
    group ??= { hour: place.hour, shard: place.shard, keys: [] };
    group.keys.push(key);
  }
  if (group) yield group;
};
