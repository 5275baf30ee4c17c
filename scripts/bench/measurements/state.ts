import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

import * as z from 'zod';

import { atMost, info, type Figure } from '../figure.ts';
import type { Step } from '../organization/steps.ts';
import { runProcess } from '../run-process.ts';

/** Of `process.resourceUsage()`: kilobytes and microseconds. */
const Usage = z.object({ maxRSS: z.number(), userCPUTime: z.number(), systemCPUTime: z.number() });

const MAIN = join(import.meta.dirname, '../organization/main.ts');
const MEGABYTE = 1e6;
const ORGANIZATION = 'organization';
const MAX_MEGABYTES = 400;
/** As in a function of 512 MB: otherwise V8 lets the heap grow as long as the machine has memory. */
const HEAP_FLAGS = ['--max-old-space-size=300', '--max-semi-space-size=8'];

/** The daily state of a synthetic organization of 5,000 accounts, and the data of its dashboard. */
export const measureState = async (): Promise<readonly Figure[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    await run(folder, 'make');
    const read = await run(folder, 'read');
    const state = await run(folder, 'state');
    const data = await run(folder, 'data');
    const parquet = await run(folder, 'parquet');
    const overview = await promisify(gzip)(await readFile(join(folder, ORGANIZATION, 'overview.json')));
    const { size } = await stat(join(folder, ORGANIZATION, 'verdicts.parquet'));
    const most = Math.max(...[read, state, data, parquet].map(({ memoryBytes }) => memoryBytes));
    return [
      atMost('daily state: merge and counts', state.cpuSeconds - read.cpuSeconds, 12, 's'),
      info('daily state: reading and sorting 220,000 events', read.cpuSeconds, 's'),
      info('dashboard: columnar JSON', data.cpuSeconds, 's'),
      info('dashboard: Parquet', parquet.cpuSeconds, 's'),
      info('dashboard: overview.json, compressed', overview.length / 1000, 'kB'),
      info('dashboard: verdicts.parquet', size / MEGABYTE, 'MB'),
      info('daily state: resident', state.memoryBytes / MEGABYTE, 'MB'),
      atMost('state and dashboard: resident, at most', most / MEGABYTE, MAX_MEGABYTES, 'MB'),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
};

const run = async (folder: string, step: Step | 'make') => {
  const usage = join(folder, 'usage.json');
  const watch = ['--import', join(import.meta.dirname, '../watch-usage.mjs')];
  const flags = step === 'make' ? [] : HEAP_FLAGS;
  const organization = join(folder, ORGANIZATION);
  await runProcess(process.execPath, [...flags, ...watch, MAIN, organization, '--step', step], {
    environment: { BENCH_USAGE: usage },
  });
  const used = Usage.parse(JSON.parse(await readFile(usage, 'utf8')));
  return {
    memoryBytes: used.maxRSS * 1024,
    cpuSeconds: (used.userCPUTime + used.systemCPUTime) / 1e6,
  };
};
