#!/usr/bin/env node
import { parseArgs } from 'node:util';

import type { Measurement } from './measurement.ts';
import { account } from './measurements/account.ts';
import { bundles } from './measurements/bundles.ts';
import { changeEvents } from './measurements/change-events.ts';
import { coldStart } from './measurements/cold-start.ts';
import { dashboard } from './measurements/dashboard.ts';
import { ledger } from './measurements/ledger.ts';
import { memory } from './measurements/memory.ts';
import { peers } from './measurements/peers.ts';
import { rateLimit } from './measurements/rate-limit.ts';
import { ruleLines } from './measurements/rule-lines.ts';
import { scan } from './measurements/scan.ts';
import { sealing } from './measurements/sealing.ts';
import { sideBySide } from './measurements/side-by-side.ts';
import { sweep } from './measurements/sweep.ts';
import { problemsIn, renderFigures, type Measured } from './render-figures.ts';
import { startFakeAws, type FakeAws } from './start-fake-aws.ts';

const MEASUREMENTS: readonly Measurement[] = [
  changeEvents,
  sweep,
  account,
  scan,
  peers,
  sideBySide,
  rateLimit,
  memory,
  ledger,
  sealing,
  dashboard,
  bundles,
  ruleLines,
  coldStart,
];

const HELP = `Measures the built functions and the CLI against a fake AWS on this machine.

  node scripts/bench/main.ts [name…] [--json]

${MEASUREMENTS.map(({ name, title }) => `  ${name.padEnd(14)} ${title}`).join('\n')}

The exit code is 1 when a target is missed or something could not be measured. README.md describes the targets.
`;

const main = async (): Promise<void> => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return void process.stdout.write(HELP);
  const unknown = positionals.filter((wanted) => !MEASUREMENTS.some(({ name }) => name === wanted));
  if (unknown.length > 0) {
    process.stderr.write(`Unknown measurement '${unknown.join("', '")}'. See --help.\n`);
    process.exitCode = 2;
    return;
  }
  const chosen = MEASUREMENTS.filter(({ name }) => positionals.length === 0 || positionals.includes(name));
  const aws = await startFakeAws();
  const results: Measured[] = [];
  try {
    for (const measurement of chosen) {
      process.stderr.write(`measuring ${measurement.name} …\n`);
      results.push(await attempt(measurement, aws));
    }
  } finally {
    aws.stop();
  }
  process.stdout.write(
    values.json ? `${JSON.stringify(results, undefined, 2)}\n` : `\n${renderFigures(results)}`,
  );
  const problems = problemsIn(results);
  for (const problem of problems) process.stderr.write(`${problem}\n`);
  if (problems.length > 0) process.exitCode = 1;
};

/** Measures; a failure does not prevent the other measurements. */
const attempt = async ({ title, measure }: Measurement, aws: FakeAws): Promise<Measured> => {
  try {
    return { title, figures: await measure(aws) };
  } catch (error) {
    return { title, figures: [], failure: error instanceof Error ? error.message : String(error) };
  }
};

await main();
