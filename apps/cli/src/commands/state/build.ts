import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { oneLine } from '@compliance/core/printable';
import { score } from '@compliance/dashboard-data';
import { BrokenSealError, type ObjectStore } from '@compliance/evidence';
import { createSkipCounter } from '@compliance/ledger';
import {
  STATE_FOLDER,
  buildState,
  eventsSince,
  loadSnapshot,
  newestSnapshot,
  readManifest,
  verdictsIn,
  writeDashboard,
  writeVerdicts,
  type Manifest,
} from '@compliance/state';

import { EXEMPTIONS_FORMAT, EXEMPTIONS_FILE } from '../../input/read-exemptions.ts';
import { readSettings } from '../../input/read-settings.ts';
import { readYaml } from '../../input/read-yaml.ts';
import { openPlaces, type PlaceFlags } from '../../operator/open-places.ts';
import { readPlace } from '../../operator/read-in-master.ts';
import { EXIT, UsageError } from '../../output/exit-codes.ts';
import { printSkipped } from '../../output/print-skipped.ts';
import { createProgress } from '../../output/progress.ts';
import { describeOrganization, scopeOf } from '../../input/describe-organization.ts';
import { countsInWords, countsOf } from './counts.ts';
import { isBroken, sourceInWords } from './source.ts';

export interface BuildFlags extends PlaceFlags {
  readonly out: string;
  readonly settings?: string;
  readonly exemptions?: string;
  readonly days: number;
  readonly rebuild?: true;
  readonly json?: true;
}

const DAY_MS = 24 * 3_600_000;

/** Brings the state in a folder up to date, and writes the data of the dashboard beside it. */
export const buildStateAndData = async (flags: BuildFlags): Promise<void> => {
  try {
    await build(flags);
  } catch (error) {
    if (!(error instanceof BrokenSealError)) throw error;
    process.exitCode = EXIT.findings;
    process.stderr.write(`error: ${oneLine(error.message)}\n`);
  }
};

/** The state in the folder; in an empty one, that of the end of the last day, which the keeper made. */
const openState = async (
  folder: string,
  sealed: ObjectStore | undefined,
  { rebuild }: Pick<BuildFlags, 'rebuild'>,
): Promise<Manifest | undefined> => {
  const found = await readManifest(folder);
  if (found || !sealed || rebuild) return found;
  const stored = await newestSnapshot(sealed);
  return stored && loadSnapshot(sealed, stored, folder);
};

const build = async (flags: BuildFlags): Promise<void> => {
  const settings = await readSettings(flags.settings);
  const exemptions = await readYaml(EXEMPTIONS_FORMAT, EXEMPTIONS_FILE, flags.exemptions);
  const state = join(flags.out, STATE_FOLDER);
  const skipped = createSkipCounter();
  const progress = createProgress(process.stderr);
  const { source, manifest } = await readPlace(flags.ledger ?? flags.sealed, flags, async () => {
    const places = await openPlaces(flags);
    await mkdir(state, { recursive: true });
    const now = new Date();
    const since = await eventsSince(await openState(state, places.sealed, flags), places, {
      now,
      from: new Date(flags.rebuild ? 0 : now.getTime() - flags.days * DAY_MS),
      onSkipped: skipped.onSkipped,
    });
    if (!since)
      throw new UsageError(
        `Nothing is sealed in ${flags.sealed} yet. Name the folder above heads/, or the intake with --ledger.`,
      );
    const next = await buildState({
      folder: state,
      ...since,
      skipped: () => skipped.counts.malformed + skipped.counts.later,
      ...(settings && { isInScope: await scopeOf(settings) }),
      onProgress: progress.show,
    });
    return { source: since.source, manifest: next };
  });
  const organization = await describeOrganization(settings, exemptions?.value.exemptions ?? []);
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
  if (evidence && isBroken(evidence)) process.exitCode = EXIT.findings;

  const counts = countsOf(manifest);
  const result = {
    asOf: new Date(manifest.until).toISOString(),
    out: flags.out,
    source,
    ...(evidence && { evidence }),
    counts,
    score: score(counts) ?? null,
    differences: manifest.differences.count,
    skipped: skipped.counts.malformed + skipped.counts.later,
  };
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(result, null, 2)}\n`
      : `${sourceInWords(source, evidence)}${countsInWords(manifest)}The data of the dashboard is in ${flags.out}.\n`,
  );
};
