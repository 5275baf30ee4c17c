import { digest, type AuditEvent } from '@compliance/core';

import { loadAhead } from './load-ahead.ts';
import { parseLine } from './parse-line.ts';
import type { Store } from './store.ts';

/** The audit events, kept. The ledger remembers and never decides. */
export interface Ledger {
  /** An event that is there already, by its id, adds nothing to what is read of its day. */
  append(events: readonly AuditEvent[]): Promise<void>;
  /**
   * The events from `from` on and before `to`, day by day, nearly in the order of time. Holds a few appends and the
   * ids of one day, however long the ledger is.
   * @throws {ComplianceError} permanent `malformed-ledger` with the file and line of an event that cannot be read
   * @throws {ComplianceError} permanent `newer-ledger` when a newer version of this software wrote the event
   */
  read(range?: TimeRange): AsyncIterable<AuditEvent>;
}

export interface TimeRange {
  readonly from?: Date;
  readonly to?: Date;
}

/** A ledger of one file of JSON lines for each day of each append: `2026/11/20/120000000-3f2a….ndjson`. */
export const createLedger = (store: Store): Ledger => ({
  append: async (events) => {
    const days = Map.groupBy(events, ({ time }) => dayOf(time));
    await Promise.all([...days].map(([day, ofDay]) => store.writeOnce(fileName(day, ofDay), linesOf(ofDay))));
  },

  read: async function* (range = {}) {
    let day = '';
    let seen = new Set<string>();
    const files = loadAhead(store.list(keyRange(range)), FILES_AHEAD, async (key) => ({
      key,
      text: await store.read(key),
    }));
    for await (const { key, text } of files) {
      const keyDay = key.slice(0, DAY_LENGTH);
      if (keyDay !== day) seen = new Set();
      day = keyDay;
      for (const event of parseEvents(text, store.describe(key))) {
        if (seen.has(event.id) || !isWithin(event, range)) continue;
        seen.add(event.id);
        yield event;
      }
    }
  },
});

// Asked for one after the other, the many small files of a week would take hours.
const FILES_AHEAD = 16;

const parseEvents = function* (text: string, place: string): Generator<AuditEvent> {
  for (const [index, line] of text.split('\n').entries())
    if (line !== '') yield parseLine(line, `${place}, line ${index + 1}`);
};

const DAY_LENGTH = '2026/11/20'.length;

/** `2026/11/20`, in UTC. */
const dayOf = (time: string | Date) => new Date(time).toISOString().slice(0, DAY_LENGTH).replaceAll('-', '/');

// The time puts a day's files in order; the digest makes the same append twice one file.
const fileName = (day: string, events: readonly AuditEvent[]) => {
  const first = events.map(({ time }) => new Date(time).toISOString()).toSorted()[0] ?? '';
  return `${day}/${first.slice(11, 23).replaceAll(/[:.]/g, '')}-${digest(events)}.ndjson`;
};

const linesOf = (events: readonly AuditEvent[]) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

const keyRange = ({ from, to }: TimeRange) => ({
  ...(from && { after: dayOf(from) }),
  // Sorts behind every file of that day.
  ...(to && { until: `${dayOf(to)}/~` }),
});

const isWithin = ({ time }: AuditEvent, { from, to }: TimeRange): boolean => {
  const at = Date.parse(time);
  return (!from || at >= from.getTime()) && (!to || at < to.getTime());
};
