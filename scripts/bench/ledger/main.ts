#!/usr/bin/env node
import { parseArgs } from 'node:util';

import { makeLedger } from './make-ledger.ts';

const HELP = `Writes a synthetic ledger into a folder, for measurements and trials. It ends now.

  node scripts/bench/ledger/main.ts <folder> [--changes 20000] [--verdicts 5000000] [--days 90] [--accounts 1000]

Of the default size, it needs 3 GB and some minutes.
`;

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      changes: { type: 'string', default: '20000' },
      verdicts: { type: 'string', default: '5000000' },
      days: { type: 'string', default: '90' },
      accounts: { type: 'string', default: '1000' },
    },
  });
  const [folder] = positionals;
  const [changes, verdicts, days, accounts] = [
    values.changes,
    values.verdicts,
    values.days,
    values.accounts,
  ].map(Number);
  if (folder === undefined || !changes || !verdicts || !days || !accounts) {
    process.stderr.write(HELP);
    process.exitCode = 2;
    return;
  }
  await makeLedger(folder, { changes, verdicts, days, accounts }, new Date());
};

await main();
