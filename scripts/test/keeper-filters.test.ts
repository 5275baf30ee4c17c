// No package may import both an app and what deploys it.
import { mkdtemp, readdir, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';

import { memoryTable } from '../../packages/core/src/testing/index.ts';
import {
  folderStore,
  localSigner,
  newPrivateKey,
  tableCheckpoints,
} from '../../packages/evidence/src/index.ts';
import { terraformModules } from '../../infra/src/terraform-modules.ts';
import { LEDGER, aRule, someSettings } from '../../infra/test/examples.ts';
import { buildDailyState } from '../../packages/state/src/daily/build-daily-state.ts';
import { createHandler } from '../../apps/keeper/src/handler.ts';
import { logLine } from '../../apps/keeper/src/log-line.ts';

const Line = z.record(z.string(), z.json());
type Line = z.infer<typeof Line>;

const Filter = z.object({
  pattern: z.string(),
  metric_transformation: z.object({ name: z.string(), value: z.string() }),
});
const Module = z.object({
  resource: z.looseObject({ aws_cloudwatch_log_metric_filter: z.record(z.string(), Filter) }),
});

/** The metric filters of the keeper's log group, as Terraform deploys them. */
const filters = (): readonly z.infer<typeof Filter>[] => {
  const modules = terraformModules(someSettings({ ledger: LEDGER }), [aRule('S3_EXAMPLE')]);
  const { resource } = Module.parse(JSON.parse(modules['master-keeper/main.tf.json'] ?? ''));
  return Object.values(resource.aws_cloudwatch_log_metric_filter);
};

const PATTERN = /^\{ \(\$\.keeper = "([\w-]+)"\)(?: && \(\$\.(\w+) > 0\))? \}$/;

/** What a line adds to a metric, as CloudWatch Logs counts it. */
const valueOf = ({ pattern, metric_transformation: { value } }: z.infer<typeof Filter>, line: Line) => {
  const [, keeper, positive] = PATTERN.exec(pattern) ?? [];
  if (keeper === undefined) throw new Error(`This test does not know the pattern ${pattern}.`);
  if (line['keeper'] !== keeper || (positive !== undefined && !(Number(line[positive]) > 0)))
    return undefined;
  return value.startsWith('$.') ? line[value.slice(2)] : Number(value);
};

const temporaryFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keeper-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const KEY = newPrivateKey();

/** The lines of runs in which everything occurs that a keeper says. */
const lines = async (): Promise<readonly Line[]> => {
  const [intake, sealed] = [await temporaryFolder(), await temporaryFolder()];
  const written: string[] = [];
  const table = memoryTable();
  const clock = { now: new Date('2026-11-29T23:00:00Z') };
  const handler = createHandler(async () => ({
    intake: folderStore(intake),
    sealed: folderStore(sealed),
    copies: { ...folderStore(sealed), create: () => Promise.reject(new Error('Access Denied')) },
    signer: localSigner(KEY),
    formerPrefix: '',
    code: 'test',
    checkpoints: tableCheckpoints(table, () => clock.now),
    table,
    now: () => clock.now,
    say: (line) => void written.push(logLine(line)),
    buildDailyState: (newest, options) => buildDailyState(folderStore(sealed), newest, options),
  }));
  const run = (time: string) => {
    clock.now = new Date(time);
    return handler({}, { getRemainingTimeInMillis: () => 900_000 });
  };
  const foreign = 'intake/class=actions/arrived=2026-11-29T23/foreign';
  await folderStore(intake).create(foreign, Buffer.from('?'));
  for (const time of ['2026-11-29T23:30:00Z', '2026-11-30T00:30:00Z', '2026-11-30T00:40:00Z'])
    await run(time);
  for (const name of await readdir(sealed, { recursive: true }))
    if (/^state.*snapshot\.json$|^manifests.*hour=23\.json$/.test(name))
      await truncate(join(sealed, name), 10);
  await table.put({ pk: 'keeper#heads', sk: '2026-11-29T23', data: {}, expected: 1 });
  // What is broken may end them, once it is said.
  await run('2026-12-01T00:30:00Z').catch(() => {});
  await run('2026-12-01T00:40:00Z').catch(() => {});
  return written.map((line) => Line.parse(JSON.parse(line)));
};

test('each metric filter counts a figure of a line that the keeper writes, and each line has a filter', async () => {
  const said = await lines();
  for (const filter of filters()) {
    const values = said.map((line) => valueOf(filter, line)).filter((value) => value !== undefined);
    expect(values.length, filter.metric_transformation.name).toBeGreaterThan(0);
    for (const value of values) expect(value, filter.metric_transformation.name).toEqual(expect.any(Number));
  }
  const counted = new Set<unknown>(filters().map(({ pattern }) => PATTERN.exec(pattern)?.[1]));
  expect(said.filter(({ keeper }) => !counted.has(keeper))).toEqual([]);
});
