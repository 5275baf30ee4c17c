import { BEGIN_KEY, MAX_BEGIN_BYTES, parseBegin } from '../format/begin.ts';
import { headKey } from '../format/keys.ts';
import { hoursLater, isHour, type Hour, type Period } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { CheckedPeriod, Problem } from './check-period.ts';
import { listPeriods, readHead } from './list-heads.ts';

/** Hours that are missing before this one. */
export const gapBefore = async (
  store: ObjectStore,
  { period, stored }: CheckedPeriod,
  before: CheckedPeriod | undefined,
  from: Hour | undefined,
): Promise<Problem | undefined> => {
  const isFirst =
    stored?.head.number === 0 || (!before && from !== undefined && (await followsImported(store, period)));
  const expected = before ? hourAfter(before) : isFirst ? undefined : from;
  if (expected !== undefined && isHour(period) && period > expected) return missing(store, expected, period);
  if (!before && from === undefined && stored && !isFirst)
    return {
      period,
      place: store.describe(headKey(period)),
      what: `What was sealed before it is missing, back to the first head. To verify a part of a chain, say from when on.`,
    };
  return undefined;
};

/** Whether the hours begin with this one, and what was imported is before it. */
const followsImported = async (store: ObjectStore, period: Period): Promise<boolean> => {
  const previous = (await readHead(store, period).catch(() => undefined))?.head.previous;
  const imported = (await listPeriods(store)).filter((one) => !isHour(one)).at(-1);
  const former = imported && (await readHead(store, imported).catch(() => undefined));
  return previous !== undefined && former !== undefined && sha256(former.bytes) === previous;
};

/** `undefined` after what a release before imported: it does not say when the hours begin. */
const hourAfter = ({ period, firstHour }: CheckedPeriod): Hour | undefined =>
  isHour(period) ? hoursLater(period, 1) : firstHour;

const missing = (store: ObjectStore, first: Hour, next: Hour): Problem => {
  const last = hoursLater(next, -1);
  return {
    period: first,
    place: store.describe(headKey(first)),
    what: first === last ? 'This hour is missing.' : `The hours from ${first} to ${last} are missing.`,
  };
};

/** Hours that are missing after the last one. */
export const gapAfter = async (
  store: ObjectStore,
  last: CheckedPeriod | undefined,
  { from, until }: { readonly from?: Hour; readonly until: Hour },
): Promise<Problem | undefined> => {
  const next = last && (hourAfter(last) ?? (await beginningOf(store)));
  if (last && next === undefined)
    return {
      period: last.period,
      place: store.describe(headKey(last.period)),
      what: 'No sealed hour follows what was imported: hours may have been removed.',
    };
  const expected = next ?? from ?? hoursLater(until, -1);
  return expected < until ? missing(store, expected, until) : undefined;
};

/** Where the hours begin, which is not signed; `undefined` where nothing says it. */
const beginningOf = async (store: ObjectStore): Promise<Hour | undefined> => {
  try {
    const bytes = await store.read(BEGIN_KEY, MAX_BEGIN_BYTES);
    return bytes && parseBegin(bytes).firstHour;
  } catch {
    return undefined;
  }
};
