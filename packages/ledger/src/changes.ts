import type { AuditEvent } from '@compliance/core';

import type { EventOf } from './event-of.ts';

/** What was told last of a change: how its fix ended and, where one was asked for, how its undo did. */
export interface RecordedChange {
  readonly finished?: EventOf<'remediation-finished'>;
  readonly undone?: EventOf<'change-undone'>;
}

/** The changes that the events tell of, by their ids. Memory grows with the changes, not with the events. */
export const collectChanges = async (
  events: AsyncIterable<AuditEvent>,
): Promise<ReadonlyMap<string, RecordedChange>> => {
  const changes = new Map<string, RecordedChange>();
  for await (const event of events) recordChange(event, changes);
  return changes;
};

/** Adds what the event tells of a change, if it does. */
export const recordChange = (event: AuditEvent, changes: Map<string, RecordedChange>): void => {
  if (event.type === 'change-undone') {
    const known = changes.get(event.changeId);
    changes.set(event.changeId, { ...known, undone: newer(known?.undone, event) });
  }
  // What was refused is a person's request about a change, which stays as it was.
  if (event.type === 'remediation-finished' && event.changeId !== undefined && event.outcome !== 'refused') {
    const known = changes.get(event.changeId);
    changes.set(event.changeId, { ...known, finished: newer(known?.finished, event) });
  }
};

// Events of different functions may be kept out of order.
const newer = <Event extends AuditEvent>(known: Event | undefined, event: Event): Event =>
  known && Date.parse(known.time) > Date.parse(event.time) ? known : event;
