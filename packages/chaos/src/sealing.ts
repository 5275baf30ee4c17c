#!/usr/bin/env node
import * as z from 'zod';

import { readCommandLine, whole } from './base/command-line.ts';
import { sealingReport } from './sealing/report-sealing.ts';
import { simulateSealing } from './sealing/simulate-sealing.ts';
import { BROKEN_SEALING } from './sealing/world.ts';

const HELP = `Simulates writers side by side, sinks that fail, and a keeper that is killed, overtaken and without its key.

  node packages/chaos/src/sealing.ts [--seed N] [--events N] [--writers N] [--build ${BROKEN_SEALING.join('|')}]

  --seed N      the seed of everything that happens (default: 1)
  --events N    how many events are written (default: 50000)
  --writers N   how many write side by side, with clocks up to an hour off (default: 100)
  --build B     simulate a build that lacks one guarantee, which must be found

The exit code is 0 when every invariant holds, 1 when one is violated, 2 when an option is wrong.
`;

const Options = z.object({
  seed: whole.default(1),
  events: whole.default(50_000),
  writers: whole.default(100),
  build: z.enum(BROKEN_SEALING).optional(),
});

const main = async (): Promise<number> => {
  const options = readCommandLine(Options, HELP);
  if (typeof options === 'number') return options;
  const { text, isClean } = sealingReport(await simulateSealing(options));
  process.stdout.write(text);
  return isClean ? 0 : 1;
};

process.exitCode = await main();
