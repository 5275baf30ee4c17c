import type { AuditEvent } from '@compliance/core';

import type { EventOf } from './event-of.ts';

/** The newest events of a change: of its fix and, if one was requested, of its undo. */
export interface RecordedChange {
  readonly finished?: EventOf<'remediation-finished'>;
  readonly undone?: EventOf<'change-undone'>;
}

/** Collects the changes in the events by change id. Memory grows with the changes, not with the events. */
export const collectChanges = async (
  events: AsyncIterable<AuditEvent>,
): Promise<ReadonlyMap<string, RecordedChange>> => {
  const changes = new Map<string, RecordedChange>();
  for await (const event of events) recordChange(event, changes);
  return changes;
};

/** Adds the event to its change, if it is about one. */
export const recordChange = (event: AuditEvent, changes: Map<string, RecordedChange>): void => {
  if (event.type === 'change-undone') {
    const known = changes.get(event.changeId);
    changes.set(event.changeId, { ...known, undone: tellingUndo(known?.undone, event) });
  }
  // A refused request leaves its change as it was.
  if (event.type === 'remediation-finished' && event.changeId !== undefined && event.outcome !== 'refused') {
    const known = changes.get(event.changeId);
    changes.set(event.changeId, { ...known, finished: newer(known?.finished, event) });
  }
};

type Undo = EventOf<'change-undone'>;

// A refused request leaves what an undo before it did: a failed undo is still half done.
const tellingUndo = (known: Undo | undefined, event: Undo): Undo => {
  const isRefused = ({ outcome }: Undo) => outcome === 'refused';
  if (known === undefined || isRefused(known) === isRefused(event)) return newer(known, event);
  return isRefused(known) ? event : known;
};

// Events of different functions may be stored out of order.
const newer = <Event extends AuditEvent>(known: Event | undefined, event: Event): Event =>
  known && Date.parse(known.time) > Date.parse(event.time) ? known : event;
