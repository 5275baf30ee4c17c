import { loadAhead } from '@compliance/ledger';

import { headKey, periodAt } from '../format/keys.ts';
import { dayOf, isHour, type Hour, type Period } from '../format/period.ts';
import { SHORT_ID_BYTES } from '../format/short-id.ts';
import { fromArray, type ObjectStore } from '../store/object-store.ts';
import { checkPeriod, type CheckedPeriod, type Problem } from './check-period.ts';
import { linkProblem } from './check-link.ts';
import { gapAfter, gapBefore } from './find-gap.ts';
import { findStray } from './find-stray.ts';
import { createIdWindow, type IdWindow } from './id-window.ts';
import { listPeriods } from './list-heads.ts';
import { readLines } from './read-parts.ts';

export interface VerifyOptions {
  /** The first hour; the beginning of the chain, unless given. */
  readonly from?: Hour;
  /** Until this hour (exclusive), everything has to be sealed. */
  readonly until: Hour;
  /** Leaves out what was sealed from this hour on. */
  readonly to?: Hour;
  /** The SHA-256 of the public key, from a place where those who can write to the store cannot write. */
  readonly fingerprint?: string;
  /** Copies of the heads in another place: a head that differs there was replaced. */
  readonly copies?: ObjectStore;
  /** Does not search for objects that belong to no sealed period, which lists everything from `from` on. */
  readonly withoutStrays?: true;
}

export interface Verification {
  readonly periods: number;
  readonly first?: Period;
  readonly last?: Period;
  readonly parts: number;
  readonly lines: number;
  /** The fingerprints of the keys that signed, each one vouched for by the one before. */
  readonly keys: readonly string[];
  /** Whether the fingerprint from outside is among the keys. */
  readonly signer: 'proven' | 'not-proven';
  /** The first thing that is broken. What follows it is not checked. */
  readonly problem?: Problem;
}

/** Checks a chain of sealed periods from end to end, and names the first thing that is broken. */
export const verify = async (store: ObjectStore, options: VerifyOptions): Promise<Verification> => {
  const { from, to, fingerprint, withoutStrays } = options;
  const periods = (await listPeriods(store, from && dayOf(from))).filter(
    (period) =>
      (from === undefined || (isHour(period) && period >= from)) && (to === undefined || period < to),
  );
  const sum = { periods: 0, parts: 0, lines: 0, keys: [] as string[] };
  const window = createIdWindow();
  let before: CheckedPeriod | undefined;
  const result = (problem?: Problem): Verification => ({
    ...sum,
    ...(periods[0] !== undefined && { first: periods[0] }),
    ...(before && { last: before.period }),
    signer: fingerprint !== undefined && sum.keys.includes(fingerprint) ? 'proven' : 'not-proven',
    ...(problem && { problem }),
  });
  for await (const checked of loadAhead(fromArray(periods), AHEAD, (period) => checkPeriod(store, period))) {
    const problem =
      (await gapBefore(store, checked, before, from)) ??
      checked.problem ??
      (await linkProblem(store, checked, before, options.copies)) ??
      (await repetition(store, checked, window));
    if (problem) return result(problem);
    sum.periods += 1;
    sum.parts += checked.parts.length;
    sum.lines += checked.stored?.head.lines ?? 0;
    const { formerKeyId, keyId } = checked.stored?.head ?? {};
    for (const signer of [formerKeyId, keyId])
      if (signer !== undefined && !sum.keys.includes(signer)) sum.keys.push(signer);
    before = checked;
  }
  return result(
    (await gapAfter(store, before, options)) ??
      (before && !withoutStrays
        ? await strayProblem(store, new Set(periods), { from, last: before.period })
        : undefined) ??
      keyProblem(store, before, { fingerprint, keys: sum.keys }),
  );
};

/** Each has a hundred small objects. */
const AHEAD = 4;

/** The first event that the 35 days before, or the period itself, have already. */
const repetition = async (
  store: ObjectStore,
  { period, parts }: CheckedPeriod,
  window: IdWindow,
): Promise<Problem | undefined> => {
  for (const { part, ids } of parts)
    for (let at = 0; at < ids.length; at += SHORT_ID_BYTES) {
      const earlier = window.add(ids, at, period);
      if (earlier === undefined) continue;
      const { id } = (await readLines(store, part))[at / SHORT_ID_BYTES] ?? {};
      const place = earlier === period ? 'in this period' : `in ${earlier}`;
      return {
        period,
        place: store.describe(part.key),
        what: `It repeats the event ${JSON.stringify(id)}, which is sealed ${place} already.`,
      };
    }
  return undefined;
};

const strayProblem = async (
  store: ObjectStore,
  periods: ReadonlySet<Period>,
  window: { readonly from: Hour | undefined; readonly last: Period },
): Promise<Problem | undefined> => {
  const key = await findStray(store, periods, window);
  if (key === undefined) return undefined;
  return {
    period: periodAt(key) ?? window.last,
    place: store.describe(key),
    what: 'It is foreign: no manifest names it.',
  };
};

const keyProblem = (
  store: ObjectStore,
  last: CheckedPeriod | undefined,
  { fingerprint, keys }: { readonly fingerprint: string | undefined; readonly keys: readonly string[] },
): Problem | undefined => {
  if (fingerprint === undefined || !last || keys.includes(fingerprint)) return undefined;
  return {
    period: last.period,
    place: store.describe(headKey(last.period)),
    what: `Everything is signed by another key than ${fingerprint}: by ${keys.join(', ')}.`,
  };
};
