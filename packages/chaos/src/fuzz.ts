#!/usr/bin/env node
import * as z from 'zod';

import { readCommandLine, whole } from './base/command-line.ts';
import { OPEN_BUILDS } from './fuzz/doors.ts';
import { fuzz, fuzzReport } from './fuzz/fuzz.ts';

const HELP = `Sends mutated events to every door of both functions, and counts what must not happen.

  node packages/chaos/src/fuzz.ts [--seed N] [--events N] [--build ${OPEN_BUILDS.join('|')}]

  --seed N     the seed of the mutations (default: 1): the same seed sends the same events
  --events N   how many events are sent (default: 200000)
  --build B    settings that list too much, which must be found

The exit code is 0 when no event crashed a function and no role was assumed outside of the settings, 1 otherwise, 2 when
an option is wrong.
`;

const Options = z.object({
  seed: whole.default(1),
  events: whole.default(200_000),
  build: z.enum(OPEN_BUILDS).optional(),
});

const main = async (): Promise<number> => {
  const options = readCommandLine(Options, HELP);
  if (typeof options === 'number') return options;
  const result = await fuzz(options, (count) => {
    if (count % 20_000 === 0) process.stderr.write(`${count} of ${options.events} events …\n`);
  });
  process.stdout.write(fuzzReport(result));
  return result.crashes.length + result.strayRoles.length > 0 ? 1 : 0;
};

process.exitCode = await main();
