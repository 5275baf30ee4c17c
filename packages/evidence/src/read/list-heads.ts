import { headKey, HEADS, periodOfKey, signatureKey } from '../format/keys.ts';
import { headBytes, MAX_HEAD_BYTES, parseHead, type Head } from '../format/head.ts';
import { MAX_KEY_BYTES } from '../format/limits.ts';
import { daysBefore, type Period } from '../format/period.ts';
import type { ObjectStore } from '../store/object-store.ts';

/** The periods that have a head, in their order. */
export const listPeriods = async (store: ObjectStore, fromDay?: string): Promise<readonly Period[]> => {
  const periods: Period[] = [];
  for await (const key of store.list({
    prefix: HEADS,
    ...(fromDay !== undefined && { after: `${HEADS}dt=${fromDay}` }),
  })) {
    const period = periodOfKey(key);
    if (period !== undefined) periods.push(period);
  }
  return periods.toSorted();
};

/** A head as it is stored. */
export interface StoredHead {
  readonly head: Head;
  readonly bytes: Buffer;
}

/** @throws {Error} when what lies there is no head in the form in which heads are signed */
export const readHead = async (store: ObjectStore, period: Period): Promise<StoredHead | undefined> => {
  const bytes = await store.read(headKey(period), MAX_HEAD_BYTES);
  if (!bytes) return undefined;
  const head = parseHead(bytes);
  if (!headBytes(head).equals(bytes)) throw new Error('It is not in the form in which heads are signed.');
  return { head, bytes };
};

export const readSignature = (store: ObjectStore, period: Period, fingerprint: string) =>
  store.read(signatureKey(period, fingerprint), MAX_KEY_BYTES);

/** The newest head. After a pause of more than 40 days, all of them are listed. */
export const newestHead = async (store: ObjectStore, today: string): Promise<StoredHead | undefined> => {
  const period =
    (await listPeriods(store, daysBefore(today, RECENT_DAYS))).at(-1) ?? (await listPeriods(store)).at(-1);
  return period === undefined ? undefined : readHead(store, period);
};

const RECENT_DAYS = 40;
