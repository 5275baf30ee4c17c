import { countVerdicts } from '@compliance/ledger';

import { aligned, lines } from '../../output/aligned.ts';
import { printJsonArray } from '../../output/print-list.ts';
import { readLastDays, type ReadFlags } from './read.ts';

export type CountFlags = ReadFlags;

const COLUMNS = ['compliant', 'nonCompliant', 'notApplicable', 'exempt', 'excluded'] as const;
const HEADER = ['ACCOUNT', 'RULE', 'COMPLIANT', 'NON-COMPLIANT', 'NOT APPLICABLE', 'EXEMPT', 'EXCLUDED'];

export const countByAccountAndRule = async (flags: CountFlags): Promise<void> => {
  const counts = await readLastDays(flags, (ledger, lastDays) => countVerdicts(ledger.read(lastDays)));
  if (flags.json) return printJsonArray(counts);
  if (counts.length === 0)
    return void process.stdout.write(
      `No verdicts in the last ${flags.days} days. Use --days to read older ones.\n`,
    );
  const rows = counts.map((count) => [
    count.accountId,
    count.command,
    ...COLUMNS.map((column) => count[column]),
  ]);
  process.stdout.write(lines(aligned([HEADER, ...rows])));
};
