import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { AuditEvent } from '@compliance/core';
import { sampleChangeEvent } from '@compliance/core/testing';
import { folderLedger } from '@compliance/ledger';
import { openDoors } from '@compliance/ledger/testing';
import { afterEach, describe, expect, test } from 'vitest';

import { readLines } from '../src/base/lines.ts';
import { createLineSorter } from '../src/base/sort-lines.ts';
import { buildState, readManifest, type Manifest } from '../src/index.ts';
import { evaluated, failed, swept } from './events.ts';
import { rowsIn } from './rows-in.ts';

const DAY = '2026-11-20';
const at = (time: string) => new Date(`${DAY}T${time}:00Z`);

const folders: string[] = [];
const newFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'state-'));
  folders.push(folder);
  return folder;
};
afterEach(async () => {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true })));
});

const linesOf = async (folder: string, manifest: Manifest, kind: 'rows' | 'counts' | 'stories') =>
  (await Array.fromAsync(readLines(join(folder, manifest.folder), manifest[kind]))).flat();

const filesIn = async (folder: string) => {
  const names = (await readdir(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted();
  const contents = await Promise.all(names.map((name) => readFile(name, 'base64')));
  return names.map((name, index) => [name.slice(folder.length), contents[index]]);
};

const morning: readonly AuditEvent[] = [
  evaluated('a', 'NON_COMPLIANT', `${DAY}T08:00:00Z`, { owner: 'team-a' }),
  evaluated('b', 'COMPLIANT', `${DAY}T08:00:00Z`),
  failed('c', `${DAY}T08:00:30Z`),
  swept(`${DAY}T08:00:00Z`, { compliant: 1, nonCompliant: 1, failed: 1 }),
];
const noon: readonly AuditEvent[] = [
  evaluated('a', 'COMPLIANT', `${DAY}T12:00:00Z`),
  evaluated('c', 'NON_COMPLIANT', `${DAY}T12:00:00Z`),
];

describe('a snapshot', () => {
  test('it has the rows, their counts, the trend at instants and how long violations lasted', async () => {
    const folder = await newFolder();
    await buildState({ folder, events: morning, until: at('09:00') });
    const manifest = await buildState({ folder, events: noon, until: at('13:00') });
    expect(manifest).toMatchObject({
      until: at('13:00').getTime(),
      knownSince: at('09:00').getTime(),
      totals: { c: 2, v: 1, x: 0, e: 0, u: 0 },
      differences: { count: 0, swept: 1 },
      severities: { S3_ENABLE_VERSIONING: 'low' },
    });
    expect(
      manifest.trend.map(({ at: time, c, v, u }) => [new Date(time).toISOString().slice(11, 19), c, v, u]),
    ).toEqual([
      ['08:00:00', 1, 1, 0],
      ['08:00:30', 1, 1, 1],
      ['09:00:00', 1, 1, 1],
      ['12:00:00', 2, 1, 0],
      ['13:00:00', 2, 1, 0],
    ]);
    expect(manifest.remediated).toMatchObject([
      { rule: 'S3_ENABLE_VERSIONING', count: 1, sumMs: 4 * 3_600_000 },
    ]);
    await expect(linesOf(folder, manifest, 'counts')).resolves.toEqual([
      `111122223333\tS3_ENABLE_VERSIONING\t2,1,0,0,0,${at('08:01').getTime()}`,
    ]);
    expect(manifest.baselines.map(({ at: time }) => time)).toEqual([at('09:00').getTime()]);
  });

  test('before the first one, the population is not known', async () => {
    await expect(readManifest(await newFolder())).resolves.toBeUndefined();
  });

  test('a process that dies leaves the one before, and the next one writes what it would have written', async () => {
    const [killed, whole] = [await newFolder(), await newFolder()];
    for (const folder of [killed, whole]) await buildState({ folder, events: morning, until: at('09:00') });
    const dying = async function* () {
      yield* noon.slice(0, 1);
      throw new Error('killed');
    };
    await expect(buildState({ folder: killed, events: dying(), until: at('13:00') })).rejects.toThrow(
      'killed',
    );
    await expect(readManifest(killed)).resolves.toMatchObject({ until: at('09:00').getTime() });
    for (const folder of [killed, whole]) await buildState({ folder, events: noon, until: at('13:00') });
    expect(await filesIn(killed)).toEqual(await filesIn(whole));
  });

  test('a part that is not what was written is named', async () => {
    const folder = await newFolder();
    const manifest = await buildState({ folder, events: morning, until: at('09:00') });
    const broken = join(folder, manifest.folder, 'rows-0000.ndjson.gz');
    await writeFile(broken, 'no gzip');
    await expect(buildState({ folder, events: noon, until: at('13:00') })).rejects.toThrow(
      `${broken} cannot be read.`,
    );
  });

  test('one of another schema is refused, and says what to do', async () => {
    const folder = await newFolder();
    await writeFile(join(folder, 'snapshot.json'), '{"schemaVersion":7}');
    await expect(readManifest(folder)).rejects.toThrow(
      'has schema 7, and this release reads 1. Build the state again, into an empty folder.',
    );
  });
});

test('real events make the state and its stories: not judged, found, planned, approved, fixed', async () => {
  const ledger = folderLedger(await newFolder());
  const { state, evaluate, remediate, ask } = openDoors(ledger);
  const folder = await newFolder();
  const rowsAfter = async (time: string) => {
    const manifest = await buildState({ folder, events: ledger.read(), until: at(time) });
    return { manifest, rows: rowsIn(await linesOf(folder, manifest, 'rows')) };
  };
  const captured = (time: string) =>
    sampleChangeEvent({
      item: { supplementaryConfiguration: {}, configurationItemCaptureTime: at(time).toISOString() },
    });

  state.failing = true;
  await evaluate(captured('09:00'), { awsRequestId: 'request-1' });
  expect((await rowsAfter('09:30')).rows).toMatchObject([
    { type: 'AWS::S3::Bucket', resource: 'demo-logs', state: 'u' },
  ]);

  [state.failing, state.now] = [false, at('10:00')];
  await evaluate(captured('10:00'), { awsRequestId: 'request-2' });
  expect((await rowsAfter('10:30')).rows).toMatchObject([{ state: 'v', since: at('10:00').toISOString() }]);

  state.now = at('11:00');
  const { planId = '' } = await remediate('ssm-1');
  await ask('approve', planId, 'approve-1');
  await ask('apply', planId, 'apply-1');
  state.now = at('12:00');
  await evaluate(captured('12:00'), { awsRequestId: 'request-3' });
  const { manifest, rows } = await rowsAfter('12:30');
  expect(rows).toMatchObject([{ state: 'c', since: at('12:00').toISOString() }]);
  expect(manifest.remediated).toMatchObject([{ count: 1, sumMs: 2 * 3_600_000 }]);
  const stories = await linesOf(folder, manifest, 'stories');
  expect(stories.map((line) => /"step":"([a-z-]+)"/.exec(line)?.[1])).toEqual(
    expect.arrayContaining(['planned', 'approved', 'applied']),
  );
});

test('more lines than are sorted at once come sorted, from a folder that is deleted then', async () => {
  const folder = await newFolder();
  const sorter = createLineSorter(join(folder, 'sorting'), 100);
  const lines = Array.from({ length: 200 }, (_, index) => `line ${(index * 7919) % 1000}`);
  for (const line of lines) {
    sorter.add(line);
    await sorter.flushWhenFull();
  }
  await expect(readdir(folder)).resolves.toEqual(['sorting']);
  const sorted = (await Array.fromAsync(sorter.sorted())).flat();
  expect(sorted).toEqual(lines.toSorted());
  await expect(readdir(folder)).resolves.toEqual([]);
});
