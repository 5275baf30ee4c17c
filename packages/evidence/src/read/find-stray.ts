import { CLASSES } from '@compliance/ledger';

import { HEADS, isInPlace, periodAt } from '../format/keys.ts';
import { isHour, type Hour, type Period } from '../format/period.ts';
import type { ObjectStore } from '../store/object-store.ts';

/**
 * The first object that belongs to no sealed period. What lies in the folders of a period is compared with its manifest
 * when the period is checked. What is newer than the last period may be about to be sealed.
 */
export const findStray = async (
  store: ObjectStore,
  periods: ReadonlySet<Period>,
  { from, last }: { readonly from: Hour | undefined; readonly last: Period },
): Promise<string | undefined> => {
  for (const range of rangesFrom(from))
    for await (const key of store.list(range)) {
      const period = periodAt(key);
      if (period === undefined) return key;
      if (period > last || (from !== undefined && (period < from || !isHour(period)))) continue;
      if (!periods.has(period) || !isInPlace(key, period)) return key;
    }
  return undefined;
};

/** From an hour on, what is older is not listed: there, a folder that is no class's is not seen. */
const rangesFrom = (from: Hour | undefined) =>
  from === undefined
    ? [HEADS, 'manifests/', 'taken/', 'class='].map((prefix) => ({ prefix }))
    : [HEADS, 'manifests/', 'taken/', ...CLASSES.map((name) => `class=${name}/`)].map((prefix) => ({
        prefix,
        after: `${prefix}dt=${from.slice(0, 10)}`,
      }));
