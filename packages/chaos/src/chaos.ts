#!/usr/bin/env node
import * as z from 'zod';

import { readCommandLine, whole } from './base/command-line.ts';
import { BROKEN_BUILDS } from './simulation/broken-builds.ts';
import { reportOf } from './simulation/report.ts';
import { simulate, type SimulationResult } from './simulation/simulate.ts';

const HELP = `Simulates months of an organization whose sinks, table, settings and services fail, and whose runs are killed.

  node packages/chaos/src/chaos.ts [--seed N | --seeds N] [--days N] [--build ${BROKEN_BUILDS.join('|')}]

  --seed N     simulate this seed alone, exactly as it was before
  --seeds N    simulate the seeds 1 to N (default: 5)
  --days N     simulated days of each seed (default: 120)
  --build B    simulate a build that lacks one guarantee, which must be found

The exit code is 0 when every invariant holds, 1 when one is violated, 2 when an option is wrong.
`;

const Options = z.object({
  seed: whole.optional(),
  seeds: whole.default(5),
  days: whole.default(120),
  build: z.enum(BROKEN_BUILDS).optional(),
});

const main = async (): Promise<number> => {
  const options = readCommandLine(Options, HELP);
  if (typeof options === 'number') return options;
  const { seed, seeds, days, build } = options;
  const chosen = seed === undefined ? Array.from({ length: seeds }, (_, index) => index + 1) : [seed];
  const results: SimulationResult[] = [];
  for (const one of chosen)
    results.push(
      await simulate({ seed: one, days, build }, (day) => {
        if (day % 30 === 0) process.stderr.write(`seed ${one}: day ${day} of ${days} …\n`);
      }),
    );
  const { text, isClean } = reportOf(results);
  process.stdout.write(text);
  return isClean ? 0 : 1;
};

process.exitCode = await main();
