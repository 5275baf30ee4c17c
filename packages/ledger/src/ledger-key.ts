import { createHash } from 'node:crypto';

import { digest, type AuditEvent } from '@compliance/core';

/**
 * The classes of events, which are stored apart: what was planned, decided and changed, and the thousand times more that
 * was judged. A reader of actions never lists verdicts.
 */
export const CLASSES = ['actions', 'verdicts'] as const;
export type EventClass = (typeof CLASSES)[number];

/** The class of an event. */
export const classOf = ({ type }: AuditEvent): EventClass => CLASS_OF_TYPE[type];

const CLASS_OF_TYPE = {
  'resource-evaluated': 'verdicts',
  'evaluation-failed': 'verdicts',
  'sweep-completed': 'verdicts',
  'event-ignored': 'verdicts',
  'plan-created': 'actions',
  'plan-decided': 'actions',
  'remediation-finished': 'actions',
  'change-undone': 'actions',
  'settings-changed': 'actions',
  'exemptions-changed': 'actions',
  'account-joined': 'actions',
  'account-left': 'actions',
  'rule-deployed': 'actions',
  'sweep-missed': 'actions',
} as const satisfies Record<AuditEvent['type'], EventClass>;

const CLASSES_BY_TYPE: ReadonlyMap<string, EventClass> = new Map(Object.entries(CLASS_OF_TYPE));

/** The class of the events of a type; `undefined` for one of a later release. */
export const classOfType = (type: string): EventClass | undefined => CLASSES_BY_TYPE.get(type);

/** Rules of all accounts fire around the same minute: the shards spread their writes over S3's partitions. */
const SHARDS = 64;

/** `00` to `3f` */
export const shardOf = ({ accountId }: { readonly accountId?: string | undefined }): string => {
  const [byte = 0] = createHash('sha256')
    .update(accountId ?? '')
    .digest();
  return (byte % SHARDS).toString(16).padStart(2, '0');
};

/** The prefix of a class: below it, keys sort by the hour in which they arrived. */
export const classPrefix = (name: EventClass): string => `intake/class=${name}/`;

/** `arrived=2026-11-29T14`, by the writer's clock: nothing is ever late for its hour. */
export const arrivedIn = (time: Date): string => `arrived=${time.toISOString().slice(0, 13)}`;

/** The day in which the events of a key arrived, in a former key the day of the events: `2026-11-29`. */
export const dayOfKey = (key: string): string => {
  const former = /(\d{4})\/(\d\d)\/(\d\d)\/[^/]+$/.exec(key)?.slice(1).join('-');
  return /arrived=(\d{4}-\d{2}-\d{2})/.exec(key)?.[1] ?? former ?? '';
};

/** Lists of keys have one a line: no character may end a line, or look like another one. */
const FILE_NAME = String.raw`[!-.0-~]+\.ndjson`;

const PRESENT_KEY = new RegExp(
  String.raw`^intake/class=(${CLASSES.join('|')})/arrived=(\d{4}-\d\d-\d\d)T([01]\d|2[0-3])/shard=([0-3][0-9a-f])/${FILE_NAME}$`,
);

/** The class, hour and shard that a file's name says; `undefined` for one that no ledger of this release writes. */
export const placeOfKey = (
  key: string,
):
  | { readonly class: EventClass; readonly hour: `${string}T${string}`; readonly shard: string }
  | undefined => {
  const [, name, day, hour, shard = ''] = PRESENT_KEY.exec(key) ?? [];
  const known = CLASSES.find((one) => one === name);
  return known && day !== undefined && isDay(day)
    ? { class: known, hour: `${day}T${hour}`, shard }
    : undefined;
};

/** Whether a ledger of this release writes files of this name. */
export const isPresentKey = (key: string): boolean => placeOfKey(key) !== undefined;

/** Whether a ledger of a release before wrote files of this name: `ledger/2026/11/20/….ndjson`. */
export const isFormerKey = (key: string, formerPrefix: string): boolean =>
  key.startsWith(formerPrefix) &&
  isDay(FORMER_KEY.exec(key.slice(formerPrefix.length))?.[1]?.replaceAll('/', '-') ?? '');

const FORMER_KEY = new RegExp(String.raw`^(\d{4}/\d\d/\d\d)/${FILE_NAME}$`);

/** Whether a text is a day of the calendar: `2026-11-20`. */
export const isDay = (day: string): boolean => {
  if (!/^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.test(day)) return false;
  // Every month has the first ones. A Date makes the 2nd of March of the 30th of February.
  return day.slice(8) <= '28' || new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
};

/**
 * Groups the events of an append into files, by their keys:
 * `intake/class=verdicts/arrived=2026-11-29T14/shard=1a/20261129T140312345Z-3f2a….ndjson`.
 * The time sorts the files of a shard; the digest makes a repeated append the same file.
 */
export const filesOf = (
  events: readonly AuditEvent[],
  now: Date,
): ReadonlyMap<string, readonly AuditEvent[]> => {
  const folders = Map.groupBy(
    events,
    (event) => `${classPrefix(classOf(event))}${arrivedIn(now)}/shard=${shardOf(event)}`,
  );
  return new Map([...folders].map(([folder, own]) => [`${folder}/${nameOf(own)}`, own]));
};

const nameOf = (events: readonly AuditEvent[]): string => {
  const [first = ''] = events.map(({ time }) => new Date(time).toISOString()).toSorted();
  return `${first.replaceAll(/[-:.]/g, '')}-${digest(events)}.ndjson`;
};
