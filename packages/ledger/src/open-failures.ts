import { resourceKey, type AuditEvent } from '@compliance/core';

import type { EventOf } from './event-of.ts';

type Failed = EventOf<'evaluation-failed'>;

/**
 * Collects the resources that have no current verdict: the newest failure of each, unless it was judged well later.
 * Memory grows with what failed and with the rules in each account and Region, not with the events.
 */
export const createOpenFailures = () => {
  const failures = new Map<string, Failed>();
  const sweeps = new Map<string, EventOf<'sweep-completed'>>();

  return {
    record: (event: Failed | EventOf<'sweep-completed'>): void => {
      if (event.type === 'sweep-completed') keepNewer(sweeps, placeOf(event), event);
      else keepNewer(failures, keyOf(event), event);
    },
    /** In chronological order. `judgedAt`: when the subject of a failure was last judged, in milliseconds since 1970. */
    open: (judgedAt: (failure: Failed) => number | undefined): readonly Failed[] =>
      [...failures.values()]
        .filter((failure) => {
          const failedAt = Date.parse(failure.time);
          const sweep = sweeps.get(placeOf(failure));
          return (judgedAt(failure) ?? 0) <= failedAt && !(sweep && isResolvedBy(sweep, failure));
        })
        .toSorted((a, b) => Date.parse(a.time) - Date.parse(b.time)),
  };
};

/** Unchanged verdicts have no event: a later sweep in which the resource did not fail has judged it. */
const isResolvedBy = (sweep: EventOf<'sweep-completed'>, failure: Failed): boolean => {
  if (Date.parse(sweep.orderingTime) <= Date.parse(failure.time)) return false;
  // Without a resource, the listing failed, and this one is complete.
  // A failure of schema 1 has one id a day: the one of this sweep may be left out as a repetition.
  return failure.resource === undefined || sweep.counts.failed === 0 || sweep.schemaVersion > 1;
};

const placeOf = ({ command, accountId, region }: AuditEvent): string =>
  [command, accountId, region].join('|');

// Without a rule, only the failure itself tells it from another.
const keyOf = (failure: Failed): string =>
  [
    placeOf(failure),
    failure.resource ? resourceKey(failure.resource) : '',
    failure.command === undefined ? failure.error.message : '',
  ].join('|');

const keepNewer = <Event extends AuditEvent>(kept: Map<string, Event>, key: string, event: Event): void => {
  const known = kept.get(key);
  if (!known || Date.parse(known.time) <= Date.parse(event.time)) kept.set(key, event);
};
