import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import * as z from 'zod';

import { atMost, exactly, info } from '../figure.ts';
import { makeLedger } from '../ledger/make-ledger.ts';
import type { Measurement } from '../measurement.ts';
import { runProcess } from '../run-process.ts';
import { measureState } from './state.ts';

/** Of `process.resourceUsage()`: kilobytes and microseconds. */
const Usage = z.object({ maxRSS: z.number(), userCPUTime: z.number(), systemCPUTime: z.number() });

const ROOT = join(import.meta.dirname, '../../..');
const SIZE = { changes: 20_000, verdicts: 5_000_000, days: 90, accounts: 1000 };
const ROUNDS = 3;
const MEGABYTE = 1e6;

export const ledger: Measurement = {
  name: 'ledger',
  title: `a ledger in a folder: ${SIZE.changes} changes among ${SIZE.verdicts} verdicts of ${SIZE.days} days, ${SIZE.accounts} accounts`,
  measure: async () => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    try {
      await makeLedger(join(folder, 'ledger'), SIZE, new Date());
      const lists = [];
      for (let round = 0; round < ROUNDS; round += 1)
        lists.push(await run(folder, ['changes', 'list', '--days', String(SIZE.days)]));
      const best = lists.toSorted((a, b) => a.wallMs - b.wallMs)[0];
      if (!best) throw new Error('Nothing was measured.');
      // A fifth of the verdicts are about every resource already.
      const few = await run(folder, ['ledger', 'count', '--days', String(SIZE.days / 5)]);
      const many = await run(folder, ['ledger', 'count', '--days', String(SIZE.days)]);
      return [
        exactly('changes list: changes', best.lines, SIZE.changes),
        atMost('changes list: time, best of 3', best.wallMs / 1000, 5, 's'),
        info('changes list: processor time', best.cpuSeconds, 's'),
        atMost(
          'changes list: resident',
          Math.max(...lists.map(({ memoryBytes }) => memoryBytes)) / MEGABYTE,
          200,
          'MB',
        ),
        atMost('ledger count: resident, all to a fifth', many.memoryBytes / few.memoryBytes, 1.3, '×'),
        info('ledger count: resident', many.memoryBytes / MEGABYTE, 'MB'),
        info('ledger count: processor time', many.cpuSeconds, 's'),
        ...(await measureState()),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

const run = async (folder: string, args: readonly string[]) => {
  const usage = join(folder, 'usage.json');
  const { stdout, wallMs } = await runProcess(
    process.execPath,
    [
      '--import',
      join(import.meta.dirname, '../watch-usage.mjs'),
      join(ROOT, 'apps/cli/dist/main.js'),
      ...args,
      '--ledger',
      join(folder, 'ledger'),
    ],
    { environment: { BENCH_USAGE: usage } },
  );
  const used = Usage.parse(JSON.parse(await readFile(usage, 'utf8')));
  return {
    wallMs,
    lines: stdout.split('\n').length - 1,
    memoryBytes: used.maxRSS * 1024,
    cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1e6,
  };
};
