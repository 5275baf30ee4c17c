import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import { score } from '@compliance/dashboard-data';
import { createSkipCounter } from '@compliance/ledger';
import {
  STATE_FOLDER,
  buildState,
  readManifest,
  verdictsIn,
  writeDashboard,
  writeVerdicts,
} from '@compliance/state';

import { EXEMPTIONS_FORMAT, EXEMPTIONS_FILE } from '../../input/read-exemptions.ts';
import { readSettings } from '../../input/read-settings.ts';
import { readYaml } from '../../input/read-yaml.ts';
import { openLedger, type LedgerFlags } from '../../operator/open-ledger.ts';
import { readPlace } from '../../operator/read-in-master.ts';
import { printSkipped } from '../../output/print-skipped.ts';
import { createProgress } from '../../output/progress.ts';
import { describeOrganization, scopeOf } from '../../input/describe-organization.ts';
import { countsInWords, countsOf } from './counts.ts';

export interface BuildFlags extends LedgerFlags {
  readonly out: string;
  readonly settings?: string;
  readonly exemptions?: string;
  readonly days: number;
  readonly json?: true;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Objects of the ledger expire after this time: what was not read until then is lost for the state. */
const LEDGER_DAYS = 35;

/** Brings the state in a folder up to date, and writes the data of the dashboard beside it. */
export const buildStateAndData = async (flags: BuildFlags): Promise<void> => {
  const settings = await readSettings(flags.settings);
  const exemptions = await readYaml(EXEMPTIONS_FORMAT, EXEMPTIONS_FILE, flags.exemptions);
  const ledger = await openLedger(flags);
  const state = join(flags.out, STATE_FOLDER);
  await mkdir(state, { recursive: true });
  const previous = await readManifest(state);
  const until = new Date();
  const skipped = createSkipCounter();
  const progress = createProgress(process.stderr);
  const range = previous
    ? { arrivedFrom: new Date(previous.until - HOUR_MS), to: until }
    : { from: new Date(until.getTime() - flags.days * DAY_MS), to: until };
  const manifest = await readPlace(flags.ledger, flags, async () =>
    buildState({
      folder: state,
      events: ledger.read({ ...range, onSkipped: skipped.onSkipped }),
      until,
      skipped: () => skipped.counts.malformed + skipped.counts.later,
      ...(previous &&
        until.getTime() - previous.until > LEDGER_DAYS * DAY_MS && {
          gap: {
            from: new Date(previous.until),
            reason: `No state was built for more than ${LEDGER_DAYS} days, after which events expire.`,
          },
        }),
      ...(settings && { isInScope: await scopeOf(settings) }),
      onProgress: progress.show,
    }),
  );
  const organization = await describeOrganization(settings, exemptions?.value.exemptions ?? []);
  progress.show('writing verdicts.parquet');
  await writeVerdicts(state, manifest, flags.out);
  await writeDashboard({
    state,
    manifest,
    organization,
    out: flags.out,
    verdicts: verdictsIn(manifest),
    onProgress: progress.show,
  });
  progress.clear();
  printSkipped(skipped);

  const counts = countsOf(manifest);
  const result = {
    asOf: until.toISOString(),
    out: flags.out,
    counts,
    score: score(counts) ?? null,
    differences: manifest.differences.count,
    skipped: skipped.counts.malformed + skipped.counts.later,
  };
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(result, null, 2)}\n`
      : `${countsInWords(manifest)}The data of the dashboard is in ${flags.out}.\n`,
  );
};
