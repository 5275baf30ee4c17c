import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { sealedPeriods, startOf, type Hour, type ObjectStore } from '@compliance/evidence';

import { DAY_MS } from '../base/times.ts';
import { buildState } from '../build/build-state.ts';
import { eventsSince } from '../build/events-since.ts';
import {
  isSnapshot,
  loadNewestSnapshot,
  storeSnapshot,
  storedSnapshots,
  type BrokenSnapshot,
} from './stored-snapshot.ts';

/** A long history is caught up with in several runs, so that each is far from the end of a function's life. */
const DAYS_AT_ONCE = 7;

export type { BrokenSnapshot } from './stored-snapshot.ts';

export interface DailyState {
  /** The day at whose end the newest stored snapshot is. */
  readonly day: string;
  /** Whether this run made it. */
  readonly isNew: boolean;
}

export interface DailyStateOptions {
  /** Receives each snapshot that is skipped because it is not whole. */
  readonly onBroken?: (broken: BrokenSnapshot) => void;
  /** Receives the day of the newest snapshot before another one is made, which may fail. */
  readonly onStored?: (day: string) => void;
}

/**
 * Makes the snapshot of the last day of which all hours are sealed, from the newest one before that is whole and the sealed
 * hours since; where none is whole, from the sealed hours alone. Nothing where it is there. The same hours make the same
 * bytes, so that two runs at once do no harm.
 * @param newest the newest sealed hour
 * @returns `undefined` while no day is over
 */
export const buildDailyState = async (
  store: ObjectStore,
  newest: Hour,
  { onBroken = () => {}, onStored = () => {} }: DailyStateOptions = {},
): Promise<DailyState | undefined> => {
  const last = newest.endsWith('T23') ? dayOf(newest) : dayAfter(dayOf(newest), -1);
  const stored = await storedSnapshots(store, last);
  for (const one of stored)
    if (one.day === last && (await isSnapshot(store, one))) return { day: last, isNew: false };
  const before = stored.find(({ day }) => day < last);
  if (before) onStored(before.day);
  const folder = await mkdtemp(join(tmpdir(), 'state-'));
  try {
    return await buildDay(store, { folder, last, onBroken });
  } finally {
    await rm(folder, { recursive: true });
  }
};

const buildDay = async (
  store: ObjectStore,
  {
    folder,
    last,
    onBroken,
  }: {
    readonly folder: string;
    readonly last: string;
    readonly onBroken: (broken: BrokenSnapshot) => void;
  },
): Promise<DailyState | undefined> => {
  const broken: BrokenSnapshot[] = [];
  const loaded = await loadNewestSnapshot(store, folder, {
    last,
    onBroken: (one) => {
      broken.push(one);
      onBroken(one);
    },
  });
  const before = loaded?.day ?? (await dayBeforeFirst(store));
  if (before === undefined || before >= last) return undefined;
  const next = dayAfter(before, DAYS_AT_ONCE);
  const day = next < last ? next : last;
  const end: Hour = `${dayAfter(day, 1)}T00`;
  const since = await eventsSince(
    loaded?.manifest,
    { sealed: store },
    { now: startOf(end), from: new Date(0), to: end },
  );
  if (!since) return undefined;
  const manifest = await buildState({ folder, ...since, until: startOf(end) });
  await storeSnapshot(store, { folder, manifest, day }, broken);
  return { day, isNew: true };
};

const dayBeforeFirst = async (store: ObjectStore): Promise<string | undefined> => {
  const [first] = await sealedPeriods(store, '1970-01-01T00');
  return first === undefined ? undefined : dayAfter(dayOf(first), -1);
};

const dayOf = (period: string): string => period.slice(0, '2026-11-29'.length);

const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, '2026-11-29'.length);
