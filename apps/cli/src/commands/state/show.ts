import { join } from 'node:path';

import { STATE_FOLDER, readManifest } from '@compliance/state';

import { aligned, lines } from '../../output/aligned.ts';
import { EXIT, UsageError } from '../../output/exit-codes.ts';
import { countsInWords, countsOf } from './counts.ts';

export interface ShowFlags {
  readonly json?: true;
}

const HEADER = [
  'ACCOUNT',
  'RULE',
  'REGION',
  'COUNTED BY',
  'COMPLIANT',
  'VIOLATING',
  'EXEMPT',
  'EXCLUDED',
  'UNKNOWN',
];

export const showState = async (folder: string, { json }: ShowFlags): Promise<void> => {
  if (folder === '') throw new UsageError('The name of the folder is empty.');
  const manifest = await readManifest(join(folder, STATE_FOLDER));
  if (!manifest)
    throw new UsageError(
      `No state in ${folder}, so the population is not known. \`compliance state build --out ${folder}\` makes one.`,
    );
  const { until, knownSince, differences, gaps, skipped } = manifest;
  if (differences.count > 0) process.exitCode = EXIT.findings;
  if (json) {
    const [asOf, since] = [until, knownSince].map((time) => new Date(time).toISOString());
    const shown = { asOf, knownSince: since, counts: countsOf(manifest), differences, gaps, skipped };
    return void process.stdout.write(`${JSON.stringify(shown, null, 2)}\n`);
  }
  process.stdout.write(countsInWords(manifest));
  if (differences.count === 0) return;
  const rows = differences.first.flatMap(({ account, rule, region, sweep, state }) => [
    [account, rule, region, 'sweep', ...sweep.map((count) => count ?? '-')],
    ['', '', '', 'state', ...state],
  ]);
  process.stdout.write(`\n${lines(aligned([HEADER, ...rows]))}`);
  const more = differences.count - differences.first.length;
  if (more > 0) process.stdout.write(`and ${more} more\n`);
};
