import type { AuditEvent } from '@compliance/core';
import { loadAhead, parseLine, type Skipped } from '@compliance/ledger';

import { headKey, manifestKey } from '../format/keys.ts';
import type { Manifest } from '../format/manifest.ts';
import { dayOf, hoursLater, isHour, type Hour, type Period } from '../format/period.ts';
import { fromArray, type ObjectStore } from '../store/object-store.ts';
import { BrokenSealError, brokenSeal } from './broken-seal-error.ts';
import { chainProblem, linkOf, type ChainLink } from './chain.ts';
import { checkHead, checkManifest } from './check-period.ts';
import { listPeriods, type StoredHead } from './list-heads.ts';
import { mergeLines } from './merge-lines.ts';
import { streamLines } from './stream-lines.ts';

/** The sealed hours from `from` (inclusive) to `to` (exclusive), and what was imported of their days. */
export const sealedPeriods = async (
  store: ObjectStore,
  from: Hour,
  to?: Hour,
): Promise<readonly Period[]> => {
  const periods = await listPeriods(store, dayOf(from));
  return periods.filter((period) => {
    const start = startHour(period);
    return start >= from && (to === undefined || start < to);
  });
};

export interface SealedOptions {
  /** The first hour, where nothing was read before. */
  readonly from: Hour;
  /** Until this hour (exclusive). */
  readonly to?: Hour;
  /** The newest head that was read before: what follows it is read, and has to follow it. */
  readonly after?: ChainLink | undefined;
  /** Receives what the keeper left out, and what is not an event of this release. */
  readonly onSkipped?: (skipped: Skipped) => void;
}

/** Sealed periods, and their events. */
export interface SealedHours {
  readonly periods: readonly Period[];
  /** The first hour after them: what arrived since is in the intake alone. */
  readonly end: Hour;
  /** Hours between them that have no head. */
  readonly missing: readonly MissingHours[];
  /**
   * Period by period, each sorted by time and id. Memory holds the compressed parts of one. It is verified while it is read:
   * signatures, the links between heads, manifests and lines. Whose key signed is for the reader to say.
   * @throws {BrokenSealError} naming the first object that is not what was sealed
   */
  readonly events: () => AsyncGenerator<AuditEvent>;
  /** The newest head, after the events were read. */
  readonly last: () => ChainLink | undefined;
  /** The fingerprints of the keys that signed, after the events were read. */
  readonly keys: () => readonly string[];
}

/** From an hour (inclusive) to an hour (exclusive). */
export interface MissingHours {
  readonly from: Hour;
  readonly to: Hour;
}

/** Finds sealed hours. `undefined`: none is sealed. */
export const openSealedHours = async (
  store: ObjectStore,
  { from, to, after, onSkipped = () => {} }: SealedOptions,
): Promise<SealedHours | undefined> => {
  const start = after ? startHour(after.period) : from;
  const periods = (await sealedPeriods(store, start, to)).filter((period) => !after || period > after.period);
  const newest = periods.at(-1) ?? after?.period;
  if (newest === undefined) return undefined;
  let last = after;
  const keys = new Set<string>();
  return {
    periods,
    end: endHour(newest),
    missing: missingBetween(after ? [after.period, ...periods] : periods),
    events: async function* () {
      const open = (period: Period) => openPeriod(store, period);
      for await (const { stored, manifest } of loadAhead(fromArray(periods), AHEAD, open)) {
        checkLink(store, stored, last);
        if (!last && isFromBeginning(from) && stored.head.number > 0)
          throw new BrokenSealError(
            store.describe(headKey(stored.head.period)),
            'What was sealed before it is missing, back to the first head.',
          );
        last = linkOf(stored);
        for (const key of [stored.head.formerKeyId, stored.head.keyId]) if (key !== undefined) keys.add(key);
        const object = store.describe(manifestKey(manifest.period));
        for (const place of leftOut(manifest))
          onSkipped({ place: place ?? object, object, problem: 'The keeper left it out.', isLater: false });
        for await (const { text } of mergeLines(manifest.parts.map((part) => streamLines(store, part)))) {
          const parsed = parseLine(text);
          if ('event' in parsed) yield parsed.event;
          else onSkipped({ place: object, object, ...parsed });
        }
      }
    },
    last: () => last,
    keys: () => [...keys],
  };
};

/** Nothing was sealed before 1971. */
const isFromBeginning = (from: Hour): boolean => from < '1971';

/** Heads, signatures and manifests are small: each is the way to S3 and back. */
const AHEAD = 8;

/** The hour with which a period begins. */
const startHour = (period: Period): Hour => (isHour(period) ? period : `${dayOf(period)}T00`);

/** After what was imported, the hours begin on the same day or later. */
const endHour = (period: Period): Hour => (isHour(period) ? hoursLater(period, 1) : startHour(period));

const missingBetween = (periods: readonly Period[]): readonly MissingHours[] =>
  periods.flatMap((period, index) => {
    const before = periods[index - 1];
    if (before === undefined || !isHour(before) || !isHour(period)) return [];
    const expected = hoursLater(before, 1);
    return period > expected ? [{ from: expected, to: period }] : [];
  });

const openPeriod = async (store: ObjectStore, period: Period) => {
  let at = headKey(period);
  try {
    const stored = await checkHead(store, period);
    at = manifestKey(period);
    return { stored, manifest: await checkManifest(store, stored) };
  } catch (error) {
    throw brokenSeal(store.describe(at), error);
  }
};

/** One entry for each thing that was not sealed; the first few have names. */
const leftOut = ({ foreign, unreadable }: Manifest): readonly (string | undefined)[] =>
  [foreign, unreadable].flatMap(({ count, first }) =>
    Array.from({ length: count }, (_, index) => first[index]),
  );

/** Over hours that are missing, no link can be checked; they are told as missing. */
const checkLink = (store: ObjectStore, stored: StoredHead, before: ChainLink | undefined): void => {
  if (!before || missingBetween([before.period, stored.head.period]).length > 0) return;
  const problem = chainProblem(stored, before);
  if (problem !== undefined) throw new BrokenSealError(store.describe(headKey(stored.head.period)), problem);
};
