import { loadAhead } from '@compliance/ledger';

import { headKey, periodAt } from '../format/keys.ts';
import { dayOf, hoursLater, isHour, type Hour, type Period } from '../format/period.ts';
import { MAX_HEAD_BYTES } from '../format/head.ts';
import { sha256 } from '../format/sha256.ts';
import { SHORT_ID_BYTES } from '../format/short-id.ts';
import { fromArray, type ObjectStore } from '../store/object-store.ts';
import { chainProblem, linkOf } from './chain.ts';
import { checkPeriod, type CheckedPeriod, type Problem } from './check-period.ts';
import { findStray } from './find-stray.ts';
import { createIdWindow, type IdWindow } from './id-window.ts';
import { listPeriods, readHead } from './list-heads.ts';
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
      (await gapBefore(store, checked, before, options)) ??
      checked.problem ??
      (await linkProblem(store, checked, before, options)) ??
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
    endProblem(store, before, options) ??
      (before && !withoutStrays
        ? await strayProblem(store, new Set(periods), { from, last: before.period })
        : undefined) ??
      keyProblem(store, before, { fingerprint, keys: sum.keys }),
  );
};

/** Each has a hundred small objects. */
const AHEAD = 4;

/** Hours that are missing before this one. */
const gapBefore = async (
  store: ObjectStore,
  { period, stored }: CheckedPeriod,
  before: CheckedPeriod | undefined,
  { from }: VerifyOptions,
): Promise<Problem | undefined> => {
  const isFirst =
    stored?.head.number === 0 || (!before && from !== undefined && (await followsImported(store, period)));
  const expected = before ? hourAfter(before.period) : isFirst ? undefined : from;
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

/** After what was imported, the hours begin at any time. */
const hourAfter = (period: Period): Hour | undefined => (isHour(period) ? hoursLater(period, 1) : undefined);

const missing = (store: ObjectStore, first: Hour, next: Hour): Problem => {
  const last = hoursLater(next, -1);
  return {
    period: first,
    place: store.describe(headKey(first)),
    what: first === last ? 'This hour is missing.' : `The hours from ${first} to ${last} are missing.`,
  };
};

const linkProblem = async (
  store: ObjectStore,
  { period, stored }: CheckedPeriod,
  before: CheckedPeriod | undefined,
  { copies }: VerifyOptions,
): Promise<Problem | undefined> => {
  if (!stored) return undefined;
  const { head, bytes } = stored;
  const problem = (what: string) => ({ period, place: store.describe(headKey(period)), what });
  if (before?.stored) {
    const what = chainProblem(stored, linkOf(before.stored));
    if (what !== undefined) return problem(what);
  } else if (head.number === 0 && head.previous !== undefined)
    return problem('It is the first head, and names one before.');
  const copy = await copies?.read(headKey(period), MAX_HEAD_BYTES);
  if (copies && !copy) return problem(`Its copy is missing: ${copies.describe(headKey(period))}.`);
  if (copy && !copy.equals(bytes)) return problem('It is another one than its copy: it was replaced.');
  return undefined;
};

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

const endProblem = (
  store: ObjectStore,
  last: CheckedPeriod | undefined,
  { from, until }: VerifyOptions,
): Problem | undefined => {
  const expected = last ? hourAfter(last.period) : (from ?? hoursLater(until, -1));
  return expected !== undefined && expected < until ? missing(store, expected, until) : undefined;
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
