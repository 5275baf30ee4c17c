import { oneLine } from '@compliance/core/printable';
import { score } from '@compliance/dashboard-data';
import { BrokenSealError } from '@compliance/evidence';

import { EXIT } from '../../output/exit-codes.ts';
import { bringUpToDate, type StateFlags } from './bring-up-to-date.ts';
import { countsInWords, countsOf } from './counts.ts';
import { isBroken, sourceInWords } from './source.ts';

export interface BuildFlags extends StateFlags {
  readonly json?: true;
}

/** Brings the state in a folder up to date, writes the data of the dashboard beside it, and says what it did. */
export const buildStateAndData = async (flags: BuildFlags): Promise<void> => {
  try {
    await build(flags);
  } catch (error) {
    if (!(error instanceof BrokenSealError)) throw error;
    process.exitCode = EXIT.findings;
    process.stderr.write(`error: ${oneLine(error.message)}\n`);
  }
};

const build = async (flags: BuildFlags): Promise<void> => {
  const { source, begunWith, manifest, evidence, skipped } = await bringUpToDate(flags);
  if (evidence && isBroken(evidence)) process.exitCode = EXIT.findings;

  const counts = countsOf(manifest);
  const result = {
    asOf: new Date(manifest.until).toISOString(),
    out: flags.out,
    source,
    ...(begunWith !== undefined && { begunWith }),
    ...(evidence && { evidence }),
    counts,
    score: score(counts) ?? null,
    differences: manifest.differences.count,
    skipped,
  };
  process.stdout.write(
    flags.json
      ? `${JSON.stringify(result, null, 2)}\n`
      : `${sourceInWords(source, evidence, begunWith)}${countsInWords(manifest)}The data of the dashboard is in ${flags.out}.\n`,
  );
};
