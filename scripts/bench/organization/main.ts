#!/usr/bin/env node
import { parseArgs } from 'node:util';

import { makeOrganization } from './make-organization.ts';
import { STEPS } from './steps.ts';

const HELP = `Writes a synthetic organization into a folder, for measurements and trials: 95 rules, 24 units, 400 days.

  node scripts/bench/organization/main.ts <folder> [--accounts 5000] [--events 220000] [--seed 1] [--step <name>]

With the default size, there are about 1,000,000 resources and 4,200,000 verdicts.
Without --step, it writes everything, so that \`compliance dashboard\` can show the folder.
Steps: make, ${Object.keys(STEPS).join(', ')}.
`;

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      accounts: { type: 'string', default: '5000' },
      events: { type: 'string', default: '220000' },
      seed: { type: 'string', default: '1' },
      step: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const [folder] = positionals;
  const [accounts, events, seed] = [values.accounts, values.events, values.seed].map(Number);
  const known = ['make', ...Object.keys(STEPS)];
  const isKnown = values.step === undefined || known.includes(values.step);
  if (values.help) return void process.stdout.write(HELP);
  if (folder === undefined || !accounts || !events || !seed || !isKnown) {
    process.stderr.write(HELP);
    process.exitCode = 2;
    return;
  }
  const size = { accounts, seed };
  if (values.step === undefined || values.step === 'make')
    await makeOrganization(folder, { ...size, events });
  for (const [name, run] of Object.entries(STEPS))
    if (values.step === name || (values.step === undefined && name !== 'read')) await run(folder, size);
};

await main();
