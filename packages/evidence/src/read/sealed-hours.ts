import type { AuditEvent } from '@compliance/core';
import { parseLine } from '@compliance/ledger';

import { manifestKey } from '../format/keys.ts';
import { MAX_MANIFEST_BYTES } from '../format/limits.ts';
import { parseManifest, type Manifest } from '../format/manifest.ts';
import { dayOf, isHour, type Hour, type Period } from '../format/period.ts';
import { sha256 } from '../format/sha256.ts';
import { readExisting, type ObjectStore } from '../store/object-store.ts';
import { listPeriods, readHead } from './list-heads.ts';
import { mergeLines } from './merge-lines.ts';
import { streamLines } from './stream-lines.ts';

/** The sealed hours from `from` (inclusive) to `to` (exclusive), and what was imported of their days. */
export const sealedPeriods = async (store: ObjectStore, from: Hour, to: Hour): Promise<readonly Period[]> => {
  const periods = await listPeriods(store, dayOf(from));
  return periods.filter((period) => {
    const start = isHour(period) ? period : `${dayOf(period)}T00`;
    return start >= from && start < to;
  });
};

/**
 * The events of the sealed hours from `from` (inclusive) to `to` (exclusive): hour by hour, each sorted by time and id.
 * Memory holds the compressed parts of one hour. It reads what it finds; whether that is authentic says `verify`.
 * @param onSkipped receives what is not an event of this release
 * @throws {Error} when a manifest is not the one of its head, or lines are not those of their manifest
 */
export const sealedHours = async function* (
  store: ObjectStore,
  from: Hour,
  to: Hour,
  onSkipped: (problem: string) => void = () => {},
): AsyncGenerator<AuditEvent> {
  for (const period of await sealedPeriods(store, from, to)) {
    const { parts } = await manifestOfHead(store, period);
    for await (const { text } of mergeLines(parts.map((part) => streamLines(store, part)))) {
      const parsed = parseLine(text);
      if ('event' in parsed) yield parsed.event;
      else onSkipped(parsed.problem);
    }
  }
};

const manifestOfHead = async (store: ObjectStore, period: Period): Promise<Manifest> => {
  const bytes = await readExisting(store, manifestKey(period), MAX_MANIFEST_BYTES);
  const stored = await readHead(store, period);
  if (stored?.head.manifest === sha256(bytes)) return parseManifest(bytes);
  throw new Error(
    `${store.describe(manifestKey(period))} is not the manifest of its head. Run 'compliance ledger verify'.`,
  );
};
