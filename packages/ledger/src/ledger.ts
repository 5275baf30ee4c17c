import { defined, digest, type AuditEvent } from '@compliance/core';

import { loadAhead } from './load-ahead.ts';
import { parseLine } from './parse-line.ts';
import type { Store } from './store.ts';

/** A store of audit events. It is a record: no function reads it to decide. */
export interface Ledger {
  /** Appends events. An event that its day or the day before already has, by its id, is read once. */
  append(events: readonly AuditEvent[]): Promise<void>;
  /**
   * Reads the events from `from` (inclusive) to `to` (exclusive), day by day, nearly in the order of time.
   * Memory holds a few appends and the ids of two days, however long the ledger is.
   * @throws {ComplianceError} permanent `malformed-ledger` with the file and line of an event that cannot be read
   */
  read(options?: ReadOptions): AsyncIterable<AuditEvent>;
}

interface TimeRange {
  readonly from?: Date;
  readonly to?: Date;
}

interface ReadOptions extends TimeRange {
  /** An event of a later release's schema, which stays in the ledger and is left out here. */
  readonly onLater?: (place: string) => void;
}

/** Creates a ledger with one file of JSON lines per append and day: `2026/11/20/120000000-3f2a….ndjson`. */
export const createLedger = (store: Store): Ledger => ({
  append: async (events) => {
    const days = Map.groupBy(events, ({ time }) => dayOf(time));
    await Promise.all([...days].map(([day, ofDay]) => store.writeOnce(fileName(day, ofDay), linesOf(ofDay))));
  },

  read: async function* ({ onLater, ...range } = {}) {
    let day = '';
    let [seen, seenYesterday] = [new Set<string>(), new Set<string>()];
    const files = loadAhead(store.list(keyRange(range)), FILES_AHEAD, async (key) => ({
      key,
      text: await store.read(key),
    }));
    for await (const { key, text } of files) {
      const keyDay = key.slice(0, DAY_LENGTH);
      if (keyDay !== day) [seen, seenYesterday] = [new Set(), seen];
      day = keyDay;
      for (const event of parseEvents(text, store.describe(key), onLater)) {
        if (seen.has(event.id) || seenYesterday.has(event.id) || !isWithin(event, range)) continue;
        seen.add(event.id);
        yield event;
      }
    }
  },
});

// Read one after the other, the many small files of a week would take hours.
const FILES_AHEAD = 16;

const parseEvents = function* (
  text: string,
  file: string,
  onLater: ReadOptions['onLater'],
): Generator<AuditEvent> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line === '') continue;
    const place = `${file}, line ${index + 1}`;
    const event = parseLine(line, place);
    if (event) yield event;
    else onLater?.(place);
  }
};

const DAY_LENGTH = '2026/11/20'.length;

/** `2026/11/20`, in UTC. */
const dayOf = (time: string | Date) => new Date(time).toISOString().slice(0, DAY_LENGTH).replaceAll('-', '/');

// The time sorts the files of a day; the digest makes a repeated append the same file.
const fileName = (day: string, events: readonly AuditEvent[]) => {
  const first = events.map(({ time }) => new Date(time).toISOString()).toSorted()[0] ?? '';
  return `${day}/${first.slice(11, 23).replaceAll(/[:.]/g, '')}-${digest(events)}.ndjson`;
};

const linesOf = (events: readonly AuditEvent[]) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

// `~` sorts after every file of a day.
const keyRange = ({ from, to }: TimeRange) =>
  defined({ after: from && dayOf(from), until: to && `${dayOf(to)}/~` });

const isWithin = ({ time }: AuditEvent, { from, to }: TimeRange): boolean => {
  const at = Date.parse(time);
  return (!from || at >= from.getTime()) && (!to || at < to.getTime());
};
