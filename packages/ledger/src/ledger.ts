import { defined, systemClock, type AuditEvent } from '@compliance/core';

import {
  CLASSES,
  arrivedIn,
  classOf,
  classPrefix,
  dayOfKey,
  filesOf,
  isFormerKey,
  isPresentKey,
  type EventClass,
} from './ledger-key.ts';
import { loadAhead } from './load-ahead.ts';
import { mergeKeys } from './merge-keys.ts';
import { parseLine } from './parse-line.ts';
import type { Skipped } from './skipped.ts';
import type { KeyRange, Store } from './store.ts';

/** A store of audit events. It is a record: no function reads it to decide. */
export interface Ledger {
  /** Appends events. An event that is appended again is read once: an action always, a verdict within two days. */
  append(events: readonly AuditEvent[]): Promise<void>;
  /**
   * Reads the events from `from` (inclusive) to `to` (exclusive), nearly in the order in which they arrived. A verdict that
   * arrives more than a day after `to` is left out; an action never is.
   * Memory holds a few appends, the ids of the actions and the ids of two days' verdicts, however long the ledger is.
   * What is malformed or foreign is left out: one bad object must not hide all the others.
   */
  read(options?: ReadOptions): AsyncIterable<AuditEvent>;
}

interface TimeRange {
  readonly from?: Date;
  readonly to?: Date;
}

export interface ReadOptions extends TimeRange {
  /** Reads what arrived since this hour, whatever its time: an event may arrive days after it happened. */
  readonly arrivedFrom?: Date;
  /** Reads this class alone, without listing the other one. */
  readonly only?: EventClass;
  /** Receives each line and object that is left out. */
  readonly onSkipped?: (skipped: Skipped) => void;
}

interface LedgerOptions {
  /** Where releases before wrote files by the day of their events: below `ledger/`, `ledger/2026/11/20/….ndjson`. */
  readonly formerPrefixes: readonly string[];
  /** The writer's clock. */
  readonly now?: () => Date;
}

/** Creates a ledger with one file of JSON lines per append, class and shard. */
export const createLedger = (
  store: Store,
  { formerPrefixes, now = systemClock.now }: LedgerOptions,
): Ledger => ({
  append: async (events) => {
    const files = [...filesOf(events, now())];
    await Promise.all(files.map(([key, own]) => store.writeOnce(key, linesOf(own))));
  },

  read: async function* ({ onSkipped = () => {}, only, arrivedFrom, ...range } = {}) {
    const arrived = { ...range, ...defined({ from: arrivedFrom ?? earlier(range.from) }) };
    const skip = (key: string, problem: string) =>
      onSkipped({ place: store.describe(key), object: store.describe(key), problem, isLater: false });
    const list = (keys: KeyRange, isOurs: (key: string) => boolean) =>
      ownKeys(store.list({ ...keys, onUnreadable: skip }), isOurs, (key) =>
        skip(key, 'No ledger wrote an object of this name here.'),
      );
    const load = async (key: string) => ({ key, stored: await store.read(key) });
    const classes = only ? [only] : CLASSES;
    const listings = classes.map((name) => list(arrivalRange(name, arrived), isPresentKey));
    const former = formerPrefixes.map((prefix) =>
      list(formerRange(prefix, arrived), (key) => isFormerKey(key, prefix)),
    );
    const sources = [mergeKeys(former, dayOfKey), mergeKeys(listings, arrivalOf)];
    const isNew = createFilter();
    for (const keys of sources)
      for await (const { key, stored } of loadAhead(keys, FILES_AHEAD, load)) {
        if ('problem' in stored) skip(key, stored.problem);
        else
          for (const event of parseEvents(stored.text, store.describe(key), onSkipped))
            if (isWithin(event, range) && isNew(event, key)) yield event;
      }
  },
});

const ownKeys = async function* (
  keys: AsyncIterable<string>,
  isOurs: (key: string) => boolean,
  onForeign: (key: string) => void,
): AsyncGenerator<string> {
  for await (const key of keys)
    if (isOurs(key)) yield key;
    else onForeign(key);
};

// Read one after the other, the many small files of a week would take hours.
const FILES_AHEAD = 16;

/**
 * Tells whether an event was not read before. A retry of Lambda may be after midnight, and a release before may have
 * written an event that its successor wrote again.
 */
const createFilter = () => {
  const actions = new Set<string>();
  let day = '';
  let [today, yesterday] = [new Set<string>(), new Set<string>()];
  return (event: AuditEvent, key: string): boolean => {
    const id = `${event.accountId ?? ''} ${event.id}`;
    if (classOf(event) === 'actions') return actions.size < actions.add(id).size;
    const keyDay = dayOfKey(key);
    if (keyDay !== day) [today, yesterday] = [new Set(), today];
    day = keyDay;
    return !yesterday.has(id) && today.size < today.add(id).size;
  };
};

/** The part of a key after its class: both classes sort by it. */
const arrivalOf = (key: string): string => key.slice(key.indexOf('arrived='));

const parseEvents = function* (
  text: string,
  file: string,
  onSkipped: (skipped: Skipped) => void,
): Generator<AuditEvent> {
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    const parsed = parseLine(line);
    if ('event' in parsed) yield parsed.event;
    else onSkipped({ place: `${file}, line ${index + 1}`, object: file, ...parsed });
  }
};

const linesOf = (events: readonly AuditEvent[]) =>
  events.map((event) => `${JSON.stringify(event)}\n`).join('');

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A writer's clock may be behind the one that an event's time is from. */
const earlier = (from: Date | undefined) => from && new Date(from.getTime() - HOUR_MS);

// `~` sorts after every key of an hour.
const arrivalRange = (name: EventClass, { from, to }: TimeRange) => {
  const prefix = classPrefix(name);
  const last = to && name === 'verdicts' ? new Date(to.getTime() + DAY_MS) : undefined;
  return {
    prefix,
    ...defined({
      after: from && `${prefix}${arrivedIn(from)}`,
      until: last && `${prefix}${arrivedIn(last)}~`,
    }),
  };
};

const DAY_LENGTH = '2026/11/20'.length;

/** `2026/11/20`, in UTC. */
const dayOf = (time: Date) => time.toISOString().slice(0, DAY_LENGTH).replaceAll('-', '/');

// Every year begins with 2, and sorts before the folder of the present keys.
const formerRange = (prefix: string, { from, to }: TimeRange) => ({
  prefix,
  after: from ? `${prefix}${dayOf(from)}` : `${prefix}2`,
  until: `${prefix}${to ? `${dayOf(to)}/~` : '3'}`,
});

const isWithin = ({ time }: AuditEvent, { from, to }: TimeRange): boolean => {
  const at = Date.parse(time);
  return (!from || at >= from.getTime()) && (!to || at < to.getTime());
};
