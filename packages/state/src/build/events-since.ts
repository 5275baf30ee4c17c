import type { AuditEvent } from '@compliance/core';
import {
  hourOf,
  openSealedHours,
  startOf,
  type Hour,
  type ObjectStore,
  type SealedHours,
} from '@compliance/evidence';
import type { Ledger, Skipped } from '@compliance/ledger';

import { DAY_MS, HOUR_MS } from '../base/times.ts';
import type { Gap, Manifest, Sealed } from '../snapshot/manifest.ts';

/** Where the events of a ledger are. One of both at least. */
export interface LedgerPlaces {
  /** What the keeper sealed. */
  readonly sealed?: ObjectStore | undefined;
  /** Where events arrive. Of hours that are sealed, it is not read. Absent: the state ends with what is sealed. */
  readonly intake?: Ledger | undefined;
}

export interface SinceOptions {
  readonly now: Date;
  /** The first snapshot is made of what is younger. */
  readonly from: Date;
  /** Sealed hours from this one on are not read. */
  readonly to?: Hour;
  readonly onSkipped?: (skipped: Skipped) => void;
}

/** The events since a snapshot, and where they are from. */
export interface EventsSince {
  readonly events: AsyncIterable<AuditEvent>;
  /** The time of the next snapshot. */
  readonly until: Date;
  /** What was read: sealed hours, and the intake since then. */
  readonly source: EventSource;
  readonly gaps: readonly Gap[];
  /** How many lines and objects were left out; asked at the end. */
  readonly skipped: () => SkippedCounts;
  /** What of the seal the next snapshot is made of; asked at the end. */
  readonly sealed: () => Sealed | undefined;
}

/** What was left out is left out again while it is in the intake, and once of what is sealed. */
export interface SkippedCounts {
  readonly sealed: number;
  readonly intake: number;
}

export interface EventSource {
  /** How many periods were sealed, and the first hour after them. */
  readonly sealed?: { readonly periods: number; readonly until: Date };
  /** Since when the intake was read. */
  readonly intakeSince?: Date;
}

/** Objects of the intake expire after this time. */
const INTAKE_DAYS = 35;

/**
 * Opens the events since a snapshot: sealed hours, which are verified while they are read, and of the intake what is not
 * sealed yet. What was read before may be among them, without harm. `undefined`: nothing is sealed, and there is no intake.
 */
export const eventsSince = async (
  previous: Manifest | undefined,
  { sealed, intake }: LedgerPlaces,
  { now, from, to, onSkipped = () => {} }: SinceOptions,
): Promise<EventsSince | undefined> => {
  const start = previous ? previous.until - HOUR_MS : from.getTime();
  const skipped = { sealed: 0, intake: 0 };
  const skipIn = (place: keyof SkippedCounts) => (one: Skipped) => {
    skipped[place] += 1;
    onSkipped(one);
  };
  const hours =
    sealed &&
    (await openSealedHours(sealed, {
      from: beginOfDay(start),
      after: previous?.sealed?.last,
      onSkipped: skipIn('sealed'),
      ...(to !== undefined && { to }),
    }));
  if (!hours && !intake) return undefined;
  const sealedUntil = hours && startOf(hours.end);
  // An hour that was sealed on demand may not be over.
  const intakeSince = earlier(sealedUntil ?? new Date(start), startOf(hourOf(now)));
  const until = intake || !sealedUntil ? now : sealedUntil;
  return {
    until,
    source: {
      ...(hours &&
        sealedUntil && { sealed: { periods: hours.periods.length, until: earlier(sealedUntil, until) } }),
      ...(intake && { intakeSince }),
    },
    events: allOf(
      hours && eventsBefore(until, hours, skipIn('sealed')),
      intake?.read({ ...sinceWhen(previous, hours, intakeSince), to: until, onSkipped: skipIn('intake') }),
    ),
    gaps: [...missingGaps(hours), ...(intake && previous ? expiredGaps(intakeSince, until) : [])],
    skipped: () => skipped,
    sealed: () => hours && sealedAfter(previous?.sealed, hours, until),
  };
};

const earlier = (a: Date, b: Date): Date => (a < b ? a : b);

/** What was imported of a day counts from its beginning. */
const beginOfDay = (time: number): Hour => `${new Date(time).toISOString().slice(0, 10)}T00`;

/** The first snapshot reads events by their time, unless all of them before are sealed. */
const sinceWhen = (previous: Manifest | undefined, hours: SealedHours | undefined, since: Date) =>
  previous || hours ? { arrivedFrom: since } : { from: since };

const allOf = async function* (
  sealed: AsyncIterable<AuditEvent> | undefined,
  intake: AsyncIterable<AuditEvent> | undefined,
): AsyncGenerator<AuditEvent> {
  if (sealed) yield* sealed;
  if (intake) yield* intake;
};

/** What is from the future would hide all that is judged until then. */
const eventsBefore = async function* (
  until: Date,
  hours: SealedHours,
  onSkipped: (skipped: Skipped) => void,
): AsyncGenerator<AuditEvent> {
  for await (const event of hours.events()) {
    if (Date.parse(event.time) < until.getTime()) yield event;
    else
      onSkipped({
        place: event.id,
        object: event.id,
        problem: `Its time, ${event.time}, is not before that of the state.`,
        isLater: false,
      });
  }
};

const missingGaps = (hours: SealedHours | undefined): readonly Gap[] =>
  (hours?.missing ?? []).map(({ from, to }) => ({
    from: startOf(from).getTime(),
    to: startOf(to).getTime(),
    reason: `The sealed hours from ${from} to ${hourOf(new Date(startOf(to).getTime() - HOUR_MS))} are missing.`,
  }));

const expiredGaps = (since: Date, until: Date): readonly Gap[] => {
  const oldest = until.getTime() - INTAKE_DAYS * DAY_MS;
  return since.getTime() >= oldest
    ? []
    : [
        {
          from: since.getTime(),
          to: oldest,
          reason: `No state was built for more than ${INTAKE_DAYS} days, after which events expire.`,
        },
      ];
};

const sealedAfter = (previous: Sealed | undefined, hours: SealedHours, until: Date): Sealed | undefined => {
  const last = hours.last();
  if (!last) return previous;
  const missing = hours.missing.reduce((sum, { from, to }) => sum + hoursBetween(from, to), 0);
  return {
    last,
    until: earlier(startOf(hours.end), until).getTime(),
    keys: [...new Set([...(previous?.keys ?? []), ...hours.keys()])],
    missingHours: (previous?.missingHours ?? 0) + missing,
  };
};

const hoursBetween = (from: Hour, to: Hour): number =>
  (startOf(to).getTime() - startOf(from).getTime()) / HOUR_MS;
