import { join } from 'node:path';

import type { AuditEvent, Exemption, Settings } from '@compliance/core';
import { oneLine } from '@compliance/core/printable';
import type { Overview } from '@compliance/dashboard-data';
import type { ObjectStore } from '@compliance/evidence';
import { createSkipCounter } from '@compliance/ledger';
import {
  STATE_FOLDER,
  buildState,
  eventsSince,
  loadNewestSnapshot,
  readManifest,
  verdictsIn,
  writeDashboard,
  writeVerdicts,
  type EventSource,
  type LedgerPlaces,
  type Manifest,
} from '@compliance/state';

import { describeOrganization, scopeOf } from '../../input/describe-organization.ts';
import { EXEMPTIONS_FILE, EXEMPTIONS_FORMAT } from '../../input/read-exemptions.ts';
import { readSettings } from '../../input/read-settings.ts';
import { readYaml } from '../../input/read-yaml.ts';
import { openPlaces, type PlaceFlags } from '../../operator/open-places.ts';
import { readPlace } from '../../operator/read-in-master.ts';
import { UsageError } from '../../output/exit-codes.ts';
import { withFolderLocked } from '../../output/lock-folder.ts';
import { makeFolder } from '../../output/make-folder.ts';
import { printSkipped } from '../../output/print-skipped.ts';
import { createProgress } from '../../output/progress.ts';

export interface StateFlags extends PlaceFlags {
  readonly out: string;
  readonly settings?: string;
  readonly exemptions?: string;
  readonly days: number;
  readonly rebuild?: true;
  /** More events than this are refused. */
  readonly maxEvents?: number;
}

/** A state that is up to date, and what it was built from. */
interface UpToDate {
  readonly source: EventSource;
  /** The day of the keeper's state that it began with, which no key signs. */
  readonly begunWith?: string | undefined;
  readonly manifest: Manifest;
  readonly evidence: Overview['evidence'];
  /** Lines and objects of the ledger that were left out. */
  readonly skipped: number;
}

const DAY_MS = 24 * 3_600_000;

/**
 * Brings the state in a folder up to date, and writes the data of the dashboard beside it.
 * @throws {BrokenSealError} when a sealed object is not what was sealed; nothing is built then
 */
export const bringUpToDate = async (flags: StateFlags): Promise<UpToDate> => {
  const settings = await readSettings(flags.settings);
  const exemptions = await readYaml(EXEMPTIONS_FORMAT, EXEMPTIONS_FILE, flags.exemptions);
  return readPlace(flags.ledger ?? flags.sealed, flags, async () => {
    const places = await openPlaces(flags);
    await makeFolder(flags.out);
    return withFolderLocked(flags.out, () =>
      buildInto(flags, { places, settings, exemptions: exemptions?.value.exemptions ?? [] }),
    );
  });
};

interface Inputs {
  readonly places: LedgerPlaces;
  readonly settings: Settings | undefined;
  readonly exemptions: readonly Exemption[];
}

const buildInto = async (flags: StateFlags, { places, settings, exemptions }: Inputs): Promise<UpToDate> => {
  const state = join(flags.out, STATE_FOLDER);
  const skipped = createSkipCounter();
  const progress = createProgress(process.stderr);
  await makeFolder(state);
  const now = new Date();
  const { previous, day: begunWith } = await openState(state, places.sealed, { ...flags, now });
  const since = await eventsSince(previous, places, {
    now,
    from: new Date(flags.rebuild ? 0 : now.getTime() - flags.days * DAY_MS),
    onSkipped: skipped.onSkipped,
  });
  if (!since)
    throw new UsageError(
      `Nothing is sealed in ${flags.sealed} yet. Name the folder above heads/, or the intake with --ledger.`,
    );
  const manifest = await buildState({
    folder: state,
    ...since,
    events: atMost(flags.maxEvents ?? Infinity, since.events),
    ...(settings && { isInScope: await scopeOf(settings) }),
    onProgress: progress.show,
  });
  const organization = await describeOrganization(settings, exemptions);
  progress.show('writing verdicts.parquet');
  await writeVerdicts(state, manifest, flags.out);
  const { evidence } = await writeDashboard({
    state,
    manifest,
    organization,
    out: flags.out,
    verdicts: verdictsIn(manifest),
    keyFingerprint: settings?.ledger?.keyFingerprint,
    onProgress: progress.show,
  });
  progress.clear();
  printSkipped(skipped);
  const { malformed, later } = skipped.counts;
  return { source: since.source, begunWith, manifest, evidence, skipped: malformed + later };
};

/** The state in the folder; in an empty one, that of the end of the last day, which the keeper made. */
const openState = async (
  folder: string,
  sealed: ObjectStore | undefined,
  { rebuild, now }: Pick<StateFlags, 'rebuild'> & { readonly now: Date },
): Promise<{ readonly previous?: Manifest | undefined; readonly day?: string }> => {
  const found = await readManifest(folder);
  if (found && rebuild)
    throw new UsageError(`${folder} has a state, on which --rebuild would go on. Name an empty folder.`);
  if (found || !sealed || rebuild) return { previous: found };
  let broken = 0;
  const loaded = await loadNewestSnapshot(sealed, folder, {
    last: new Date(now.getTime() - DAY_MS).toISOString().slice(0, '2026-11-29'.length),
    onBroken: ({ day, what }) => {
      broken += 1;
      process.stderr.write(`warning: The keeper's state of ${day} is skipped. ${oneLine(what)}\n`);
    },
  });
  if (!loaded && broken > 0)
    throw new UsageError(
      `Of the keeper's states (${broken}), none is whole. \`compliance state build --rebuild\` makes the state from the sealed hours alone.`,
    );
  if (!loaded) return {};
  const { manifest, day } = loaded;
  const { sealed: seal } = manifest;
  // It is not signed: of the keys that it names, the hours that follow show the newest one alone.
  const previous = seal ? { ...manifest, sealed: { ...seal, keys: [seal.last.keyId] } } : manifest;
  return { previous, day };
};

const atMost = async function* (
  limit: number,
  events: AsyncIterable<AuditEvent>,
): AsyncGenerator<AuditEvent> {
  let count = 0;
  for await (const event of events) {
    count += 1;
    if (count > limit)
      throw new UsageError(
        `There are more than ${limit} events since the snapshot. \`compliance state build\` adds any number of them.`,
      );
    yield event;
  }
};
