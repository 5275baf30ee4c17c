import { CLASSES, isDay, type EventClass } from '@compliance/ledger';

import { dayOf, importedOf, isHour, type Period } from './period.ts';

/** Where the keeper puts what. A listing of a day has its manifests in the order of their periods. */
const MANIFESTS = 'manifests/';
export const HEADS = 'heads/';
const TAKEN = 'taken/';

/** `dt=2026-11-29/hour=14`, or `dt=2026-11-29/imported` */
const folderOf = (period: Period): string =>
  `dt=${dayOf(period)}/${isHour(period) ? `hour=${period.slice(11, 13)}` : 'imported'}`;

export const manifestKey = (period: Period): string => `${MANIFESTS}${folderOf(period)}.json`;

export const headKey = (period: Period): string => `${HEADS}${folderOf(period)}.json`;

/** The signature of a head: 64 bytes, named after the key. */
export const signatureKey = (period: Period, fingerprint: string): string =>
  `${HEADS}${folderOf(period)}.${fingerprint.slice(0, 16)}.sig`;

export const publicKeyKey = (fingerprint: string): string => `keys/${fingerprint}.pem`;

/** Which intake objects a period takes. */
export const intakeListKey = (period: Period): string => `${TAKEN}${folderOf(period)}.json`;

export interface ListName {
  /** Absent where one list has all classes and shards: in what is imported. */
  readonly class?: EventClass | undefined;
  readonly shard?: string | undefined;
  readonly late?: true | undefined;
}

export const keyListKey = (period: Period, { class: name, shard, late }: ListName): string =>
  `${TAKEN}${folderOf(period)}/${name === undefined ? 'all' : `${name}-${shard}${late ? '-late' : ''}`}.txt.gz`;

const KEY_LIST = new RegExp(String.raw`^(?:all|(?:${CLASSES.join('|')})-[0-3][0-9a-f](?:-late)?)\.txt\.gz$`);

/** Whether a key is one that `keyListKey` may give for a period. */
export const isKeyListKey = (period: Period, key: string): boolean =>
  key.startsWith(takenPrefix(period)) && KEY_LIST.test(key.slice(takenPrefix(period).length));

export interface PartName {
  readonly class: EventClass;
  readonly shard: string;
  readonly late?: true | undefined;
  /** A shard with very many objects has several parts. */
  readonly chunk: number;
}

/** `class=verdicts/dt=2026-11-29/hour=14/part-1a.ndjson.gz` */
export const partKey = (period: Period, { class: name, shard, late, chunk }: PartName): string =>
  `class=${name}/${folderOf(period)}/${late ? 'late' : 'part'}-${shard}${chunk > 0 ? `.${chunk}` : ''}.ndjson.gz`;

/** Where the parts of a period are. */
export const partPrefix = (period: Period, name: EventClass): string => `class=${name}/${folderOf(period)}/`;

/**
 * The ids of a day's sealed events of a shard. Derived: it can be made again from the parts. A release before stored other
 * ones below `ids/class=`.
 */
export const idsKey = (day: string, name: EventClass, shard: string): string =>
  `ids/form=2/class=${name}/shard=${shard}/dt=${day}.bin`;

const PERIOD_KEY = /^[a-z]+\/dt=(\d{4}-\d\d-\d\d)\/(?:hour=(\d\d)|(imported))\.json$/;

/** The period of the key of a head or a manifest. */
export const periodOfKey = (key: string): Period | undefined => {
  const [, day, hour, imported] = PERIOD_KEY.exec(key) ?? [];
  if (day === undefined || !isDay(day) || (hour !== undefined && hour > '23')) return undefined;
  return imported === undefined ? `${day}T${hour}` : importedOf(day);
};

const LOCKED_KEY =
  /^(?:class=[a-z]+|manifests|heads|taken)\/dt=(\d{4}-\d\d-\d\d)\/(?:hour=(\d\d)|imported)[./]/;

/** The period that the key's retention depends on; `undefined` for what can be made again. */
export const lockedPeriodOf = (key: string): Period | undefined => {
  const [, day, hour] = LOCKED_KEY.exec(key) ?? [];
  if (day === undefined) return undefined;
  return hour === undefined ? importedOf(day) : `${day}T${hour}`;
};

/** The period in whose folder a key is; `undefined` where there is no such day or hour. */
export const periodAt = (key: string): Period | undefined => {
  const period = lockedPeriodOf(key);
  return period !== undefined && isDay(dayOf(period)) && !(isHour(period) && period.slice(11) > '23')
    ? period
    : undefined;
};

/** Where the lists of a period are. */
export const takenPrefix = (period: Period): string => `${TAKEN}${folderOf(period)}/`;

const SIGNATURE = /\.[0-9a-f]{16}\.sig$/;

/** Whether the keeper puts something of the period there. */
export const isInPlace = (key: string, period: Period): boolean =>
  [headKey(period), manifestKey(period), intakeListKey(period)].includes(key) ||
  (key.startsWith(`${HEADS}${folderOf(period)}.`) && SIGNATURE.test(key)) ||
  [takenPrefix(period), ...CLASSES.map((name) => partPrefix(period, name))].some((prefix) =>
    key.startsWith(prefix),
  );
