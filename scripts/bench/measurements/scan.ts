import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';

import { atLeast, atMost, exactly, info, type Figure } from '../figure.ts';
import type { Measurement } from '../measurement.ts';
import { median } from '../median.ts';
import { runProcess } from '../run-process.ts';
import { COMMAND, MASTER, MEMBER } from '../sample-world.ts';
import { REGION, type FakeAws } from '../start-fake-aws.ts';

const MAIN = join(import.meta.dirname, '../../../apps/cli/dist/main.js');
const WATCH = join(import.meta.dirname, '../watch-usage.mjs');
const ROUNDS = 3;
const LATENCY = 20;
const ACCOUNTS = 20;
const BUCKETS_EACH = 1000;
const BUCKETS = 1000;
const LIMITED_ACCOUNTS = 4;
const PER_SECOND = 100;

export const scan: Measurement = {
  name: 'scan',
  title: `compliance scan of buckets' versioning, ${LATENCY} ms a call, whole process, best of ${ROUNDS} interleaved`,
  measure: async (aws) => {
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    try {
      return [
        ...(await manyAccounts(aws, folder)),
        ...(await items(aws, folder)),
        ...(await limited(aws, folder)),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

/** Twenty accounts in as many threads as there are cores, and in one. */
const manyAccounts = async (aws: FakeAws, folder: string): Promise<readonly Figure[]> => {
  await aws.become({ latencyMs: LATENCY, buckets: BUCKETS_EACH, objects: {} });
  const args = await organizationOf(ACCOUNTS, folder);
  const [threads, alone] = await interleaved([
    () => run(aws, folder, { args, verdicts: ACCOUNTS * BUCKETS_EACH }),
    () => run(aws, folder, { args: [...args, '--jobs', '1'], verdicts: ACCOUNTS * BUCKETS_EACH }),
  ]);
  const cores = availableParallelism();
  const buckets = `${ACCOUNTS} accounts of ${BUCKETS_EACH} buckets`;
  return [
    atLeast(`throughput of ${cores} threads to that of one`, alone.wallMs / threads.wallMs, 1.5, '×'),
    atMost(`resident, ${buckets}`, Math.max(threads.memory, alone.memory), 400, 'MB'),
    info(`${buckets}, ${cores} threads`, threads.wallMs / 1000, 's'),
    info(`${buckets}, one thread`, alone.wallMs / 1000, 's'),
    info(`CPU of the scan, ${cores} threads`, threads.cpuMs / 1000, 's'),
    info('CPU of the scan, one thread', alone.cpuMs / 1000, 's'),
    // On a busy machine these are less than the threads could use, and the throughput shows nothing.
    info(`cores that ${cores} threads got`, threads.cpuMs / threads.wallMs),
    info('cores that one thread got', alone.cpuMs / alone.wallMs),
    info('resident, one thread', alone.memory, 'MB'),
    info('CPU of the fake AWS meanwhile', threads.serverMs / 1000, 's'),
  ];
};

/** AWS Config's items against live calls; an empty account shows what the process costs before its first bucket. */
const items = async (aws: FakeAws, folder: string): Promise<readonly Figure[]> => {
  const args = ['--region', REGION];
  const fromItems = [...args, '--source', 'config'];
  await aws.become({ latencyMs: LATENCY, buckets: BUCKETS, objects: {} });
  const [recorded, live] = await interleaved([
    () => run(aws, folder, { args: fromItems, verdicts: BUCKETS }),
    () => run(aws, folder, { args, verdicts: BUCKETS }),
  ]);
  await aws.become({ latencyMs: LATENCY, buckets: 0, objects: {} });
  const [empty] = await interleaved([() => run(aws, folder, { args: fromItems, verdicts: 0 })]);
  return [
    atMost(`calls for ${BUCKETS} buckets, --source config`, recorded.calls, 25),
    atMost('its CPU to that of live calls', recorded.cpuMs / live.cpuMs, 0.2, '×'),
    info('the same without what an empty account costs', above(recorded, empty) / above(live, empty), '×'),
    info('CPU, --source config', recorded.cpuMs, 'ms'),
    info('CPU, live', live.cpuMs, 'ms'),
    info('CPU, an empty account', empty.cpuMs, 'ms'),
    info(`calls for ${BUCKETS} buckets, live`, live.calls),
  ];
};

const above = ({ cpuMs }: Used, empty: Used) => cpuMs - empty.cpuMs;

/** Accounts that may call S3 a hundred times a second each, which the scan has to find out. */
const limited = async (aws: FakeAws, folder: string): Promise<readonly Figure[]> => {
  await aws.become({
    latencyMs: LATENCY,
    buckets: BUCKETS,
    objects: {},
    limit: { perSecond: PER_SECOND, burst: PER_SECOND },
  });
  const verdicts = LIMITED_ACCOUNTS * BUCKETS;
  const args = await organizationOf(LIMITED_ACCOUNTS, folder);
  const { refused, reads, wallMs, found } = await run(aws, folder, { args });
  const place = `${PER_SECOND} requests a second`;
  return [
    exactly(`${place}: buckets without a verdict`, verdicts - found, 0),
    atMost(`${place}: extra calls`, (refused / (reads - refused)) * 100, 5, '%'),
    info(`${place}: time of ${LIMITED_ACCOUNTS} accounts of ${BUCKETS} buckets`, wallMs / 1000, 's'),
  ];
};

/** Options of a scan of this many accounts. */
const organizationOf = async (count: number, folder: string): Promise<readonly string[]> => {
  const file = join(folder, `${count}-accounts.txt`);
  const ids = Array.from({ length: count }, (_, index) => String(100_000_000_000 + index));
  await writeFile(file, `${ids.join('\n')}\n`);
  return ['--organization', file, '--role', 'bench', '--region', REGION];
};

interface Used {
  readonly wallMs: number;
  readonly cpuMs: number;
  /** Resident, in MB. */
  readonly memory: number;
  /** Of AWS, all of them. */
  readonly calls: number;
  readonly reads: number;
  readonly refused: number;
  readonly found: number;
  readonly serverMs: number;
}

interface ScanRun {
  readonly args: readonly string[];
  /** How many verdicts there must be; otherwise the time means nothing. */
  readonly verdicts?: number;
}

/** Runs a scan that writes NDJSON to a file. */
const run = async (aws: FakeAws, folder: string, { args, verdicts }: ScanRun): Promise<Used> => {
  const [usage, out] = [join(folder, 'usage.json'), join(folder, 'findings.ndjson')];
  const caller = args.includes('--organization') ? MASTER : MEMBER;
  await aws.recount();
  const { wallMs } = await runProcess(
    process.execPath,
    ['--import', WATCH, MAIN, 'scan', '--rule', COMMAND, ...args, '--format', 'ndjson', '--out', out],
    { environment: { ...aws.environment(caller), BENCH_USAGE: usage }, cwd: folder },
  );
  const counts = await aws.counts();
  const text = await readFile(out, 'utf8');
  const found = text.match(/"complianceType":"(NON_)?COMPLIANT"/g)?.length ?? 0;
  if (verdicts !== undefined && found !== verdicts)
    throw new Error(`compliance scan ${args.join(' ')} found ${found} verdicts instead of ${verdicts}.`);
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- watch-usage.mjs writes it.
  const used = JSON.parse(await readFile(usage, 'utf8')) as NodeJS.ResourceUsage;
  const reads = counts.of(/ s3:/);
  return {
    wallMs,
    cpuMs: (used.userCPUTime + used.systemCPUTime) / 1000,
    memory: used.maxRSS / 1000,
    calls: counts.of(/./).calls,
    reads: reads.calls,
    refused: reads.refused,
    found,
    serverMs: counts.cpuMs,
  };
};

/** Runs programs in turns. @returns the fastest run of each, with the median of its processor time */
const interleaved = async <const T extends readonly (() => Promise<Used>)[]>(
  programs: T,
): Promise<{ [Index in keyof T]: Used }> => {
  const runs = programs.map((): Used[] => []);
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, program] of programs.entries()) runs[index]?.push(await program());
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- one for each program.
  return runs.map((ofOne) => ({
    ...ofOne.toSorted((a, b) => a.wallMs - b.wallMs)[0],
    cpuMs: median(ofOne.map(({ cpuMs }) => cpuMs)),
  })) as unknown as { [Index in keyof T]: Used };
};
