import { join } from 'node:path';

import * as z from 'zod';

import { startEmulator } from '../../../packages/local-org/src/emulator/start-emulator.ts';
import { info } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { runProcess } from '../run-process.ts';

const PROGRAM = join(import.meta.dirname, '../../../packages/rule-fixtures/test/sweep-account.ts');
const OF_A_KIND = 100;
const SHOWN = 10;

const Swept = z.object({
  types: z.array(z.object({ type: z.string(), region: z.string(), made: z.number() })),
  swept: z.array(
    z.object({ command: z.string(), region: z.string(), resources: z.number(), calls: z.number() }),
  ),
});
type Sweeps = z.infer<typeof Swept>['swept'];

export const account: Measurement = {
  name: 'account',
  title: `calls of one sweep by all rules, of an account with ${OF_A_KIND} resources of each kind in each of two Regions`,
  measure: async () => {
    const emulator = await startEmulator();
    try {
      const { stdout } = await runProcess(process.execPath, [PROGRAM, emulator.url, String(OF_A_KIND)], {
        environment: {},
      });
      const { types, swept } = Swept.parse(JSON.parse(stdout));
      const regions = [...new Set(swept.map(({ region }) => region))];
      const fewer = types.filter(({ made }) => made < OF_A_KIND);
      return [
        ...regions.map((region, index) => {
          const here = swept.filter((one) => one.region === region);
          return info(
            `${index === 0 ? 'home Region' : 'second Region'}, ${here.length} rules`,
            inWords(here),
          );
        }),
        ...largest(swept).map(([command, ofRule]) => info(command, inWords(ofRule))),
        ...fewer.map(({ type, region, made }) => info(`fewer: ${type} in ${region}`, made)),
      ];
    } finally {
      await emulator.stop();
    }
  },
};

/** The rules with most calls in all Regions. */
const largest = (swept: Sweeps) =>
  [...Map.groupBy(swept, ({ command }) => command)]
    .toSorted(([, a], [, b]) => sum(b, 'calls') - sum(a, 'calls'))
    .slice(0, SHOWN);

const inWords = (swept: Sweeps): string =>
  `${sum(swept, 'calls')} calls for ${sum(swept, 'resources')} verdicts`;

const sum = (swept: Sweeps, member: 'calls' | 'resources'): number =>
  swept.reduce((total, one) => total + one[member], 0);
