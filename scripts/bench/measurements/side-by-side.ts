import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { atLeast, info, type Figure } from '../figure.ts';
import { installCustodian } from '../install-custodian.ts';
import type { Measurement } from '../measurement.ts';
import { runProcess } from '../run-process.ts';
import { COMMAND, MEMBER, settingsObjects } from '../sample-world.ts';
import { REGION, type FakeAws } from '../start-fake-aws.ts';

const BUCKETS = 1000;
const VIOLATIONS = BUCKETS / 2;
const ROUNDS = 3;
const ROOT = join(import.meta.dirname, '../../..');

export const sideBySide: Measurement = {
  name: 'side-by-side',
  title: `which of ${BUCKETS} buckets lack versions, 20 ms a call, whole process, best of ${ROUNDS} interleaved`,
  measure: async (aws) => {
    await aws.become({ latencyMs: 20, buckets: BUCKETS, objects: settingsObjects({ [MEMBER]: 'observe' }) });
    const custodian = await installCustodian();
    const folder = await mkdtemp(join(tmpdir(), 'bench-'));
    try {
      const cpuMsPerCall: number[] = [];
      const programs = [
        ours(aws),
        bareLoop(aws, cpuMsPerCall),
        ...(custodian.program === undefined
          ? []
          : [
              custodianScan(aws, { program: custodian.program, folder, name: 'leanest', query: LEANEST }),
              custodianScan(aws, { program: custodian.program, folder, name: 'default' }),
            ]),
      ];
      const best = programs.map(() => Infinity);
      for (let round = 0; round < ROUNDS; round += 1)
        for (const [index, run] of programs.entries())
          best[index] = Math.min(best[index] ?? Infinity, await run());
      return [
        ...figuresOf(best, custodian),
        info('CPU of one call of the SDK', Math.min(...cpuMsPerCall), 'ms'),
      ];
    } finally {
      await rm(folder, { recursive: true });
    }
  },
};

const figuresOf = (
  [scan = Number.NaN, floor = Number.NaN, leanest, whole]: readonly number[],
  { version, missing }: Awaited<ReturnType<typeof installCustodian>>,
): readonly Figure[] => [
  ...(leanest === undefined || whole === undefined
    ? [info('Cloud Custodian', `n/a: ${missing}`)]
    : [
        atLeast('faster than Cloud Custodian at its leanest', leanest / scan, 4, '×'),
        atLeast('faster than Cloud Custodian as it comes', whole / scan, 13, '×'),
        info(`Cloud Custodian ${version}, leanest`, leanest / 1000, 's'),
        info(`Cloud Custodian ${version}, as it comes`, whole / 1000, 's'),
      ]),
  info('compliance scan', scan / 1000, 's'),
  info('the SDK alone, the same calls in a bare loop', floor / 1000, 's'),
  info('compliance scan above that', (scan - floor) / 1000, 's'),
];

type Program = () => Promise<number>;

/** Checks that a program found all violations; otherwise its time means nothing. */
const assertFoundAll = (found: number, by: string): void => {
  if (found !== VIOLATIONS)
    throw new Error(`${by} found ${found} buckets without versions instead of ${VIOLATIONS}.`);
};

const ours =
  (aws: FakeAws): Program =>
  async () => {
    const { stdout, wallMs } = await runProcess(
      process.execPath,
      [join(ROOT, 'apps/cli/dist/main.js'), 'scan', '--rule', COMMAND, '--region', REGION, '--format', 'csv'],
      { environment: aws.environment(MEMBER), cwd: ROOT },
    );
    assertFoundAll(stdout.match(/NON_COMPLIANT/g)?.length ?? 0, 'compliance scan');
    return wallMs;
  };

/** The same concurrency as core. */
const IN_FLIGHT = '48';

const bareLoop =
  (aws: FakeAws, cpuMsPerCall: number[]): Program =>
  async () => {
    const { stdout, wallMs } = await runProcess(
      process.execPath,
      [join(import.meta.dirname, '../bare-loop.mjs'), IN_FLIGHT],
      { environment: aws.environment(MEMBER) },
    );
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- bare-loop.mjs writes this type.
    const loop = JSON.parse(stdout) as { violations: number; cpuMsPerCall: number };
    assertFoundAll(loop.violations, 'the bare loop');
    cpuMsPerCall.push(loop.cpuMsPerCall);
    return wallMs;
  };

interface CustodianScan {
  readonly program: string;
  readonly folder: string;
  readonly name: string;
  /** What to read of each bucket; everything by default. */
  readonly query?: readonly object[];
}

/** Reads only what the filter needs. */
const LEANEST = [{ 'augment-keys': 'detect' }];

const custodianScan =
  (aws: FakeAws, { program, folder, name, query }: CustodianScan): Program =>
  async () => {
    const policy = join(folder, `${name}.json`);
    const filters = [{ type: 'value', key: 'Versioning.Status', op: 'ne', value: 'Enabled' }];
    await writeFile(
      policy,
      JSON.stringify({ policies: [{ name, resource: 'aws.s3', ...(query && { query }), filters }] }),
    );
    const { wallMs } = await runProcess(
      program,
      ['run', '--cache-period', '0', '--region', REGION, '--output-dir', join(folder, 'out'), policy],
      { environment: aws.environment(MEMBER), cwd: folder },
    );
    const resources: unknown = JSON.parse(
      await readFile(join(folder, 'out', name, 'resources.json'), 'utf8'),
    );
    assertFoundAll(Array.isArray(resources) ? resources.length : 0, `Cloud Custodian (${name})`);
    return wallMs;
  };
