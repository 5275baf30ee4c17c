import { cp, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { keep, sha256, startOf, type ObjectStore } from '@compliance/evidence';
import { expect, test } from 'vitest';

import { buildDailyState } from '../src/daily/build-daily-state.ts';
import { buildState, eventsSince, loadNewestSnapshot, type BrokenSnapshot } from '../src/index.ts';
import { openOrganization } from './open-organization.ts';

const sweptDay = async () => {
  const organization = await openOrganization();
  const { buckets, sweep, sealDay } = organization;
  buckets.set('fine', 'Enabled');
  buckets.set('off', 'Off');
  await sweep('08:10');
  buckets.set('off', 'Enabled');
  await sweep('20:10');
  await sealDay();
  return organization;
};

/** The stored state until the end of 20 November, or a later day, loaded into a folder, and which were skipped. */
const load = async (store: ObjectStore, folder: string, last = '2026-11-20') => {
  const broken: BrokenSnapshot[] = [];
  const loaded = await loadNewestSnapshot(store, folder, { last, onBroken: (one) => void broken.push(one) });
  return { loaded, broken };
};

/** The folder of the stored state of a day. */
const storedState = async (sealed: string, day = '2026-11-20') => {
  const folder = join(sealed, `state/dt=${day}`);
  const [name = ''] = await readdir(folder);
  return join(folder, name);
};

const filesIn = async (folder: string) => {
  const names = (await readdir(folder, { recursive: true }))
    .filter((name) => /\.(gz|json)$/.test(name))
    .toSorted();
  return Promise.all(
    names.map(async (name) => [name, await readFile(join(folder, name), 'base64')] as const),
  );
};

test('the daily state is what anybody can make of the sealed hours, byte for byte', async () => {
  const { keeper, temporaryFolder } = await sweptDay();
  await expect(buildDailyState(keeper.sealed, '2026-11-20T23')).resolves.toEqual({
    day: '2026-11-20',
    isNew: true,
  });
  const [loaded, built] = [await temporaryFolder(), await temporaryFolder()];
  const found = await load(keeper.sealed, loaded);
  expect(found.loaded?.manifest).toMatchObject({
    until: Date.parse('2026-11-21T00:00:00Z'),
    totals: { c: 2, v: 0 },
    differences: { count: 0, swept: 1 },
    sealed: { last: { period: '2026-11-20T23' } },
  });
  const since = await eventsSince(
    undefined,
    { sealed: keeper.sealed },
    {
      now: startOf('2026-11-21T00'),
      from: new Date(0),
    },
  );
  if (!since) throw new Error('There is nothing to read from.');
  await buildState({ folder: built, ...since });
  expect(await filesIn(built)).toEqual(await filesIn(loaded));
});

test('the next day goes on from the state of the day before', async () => {
  const { keeper, world, buckets, ledger, temporaryFolder } = await sweptDay();
  await buildDailyState(keeper.sealed, '2026-11-20T23');
  const folder = await temporaryFolder();
  const previous = (await load(keeper.sealed, folder)).loaded?.manifest;
  buckets.clear();
  world.now = new Date('2026-11-21T00:40:00Z');
  const since = await eventsSince(
    previous,
    { sealed: keeper.sealed, intake: ledger },
    {
      now: world.now,
      from: new Date(0),
    },
  );
  expect(since?.source).toEqual({
    sealed: { periods: 0, until: new Date('2026-11-21T00:00:00Z') },
    intakeSince: new Date('2026-11-21T00:00:00Z'),
  });
  if (!since) throw new Error('There is nothing to read from.');
  const manifest = await buildState({ folder, ...since });
  expect(manifest).toMatchObject({ totals: { c: 2 }, knownSince: previous?.until });
});

test('a day that is not over has no state, and two runs at once make one', async () => {
  const { keeper } = await sweptDay();
  await expect(buildDailyState(keeper.sealed, '2026-11-20T22')).resolves.toBeUndefined();
  await Promise.all([1, 2].map(() => buildDailyState(keeper.sealed, '2026-11-20T23')));
  const keys = await Array.fromAsync(keeper.sealed.list({ prefix: 'state/' }));
  expect(keys.filter((key) => key.endsWith('snapshot.json'))).toHaveLength(1);
});

test.each<[string, (state: string) => Promise<void>, string]>([
  [
    'a truncated part',
    (state) => truncate(join(state, 'rows-0000.ndjson.gz'), 20),
    'rows-0000.ndjson.gz cannot',
  ],
  ['no part', (state) => rm(join(state, 'rows-0000.ndjson.gz')), 'rows-0000.ndjson.gz, or it is archived.'],
  [
    'another part',
    (state) => writeFile(join(state, 'rows-0000.ndjson.gz'), gzipSync('forged\n')),
    'rows-0000.ndjson.gz is not what was written: its SHA-256 differs.',
  ],
  [
    'a truncated snapshot.json',
    (state) => truncate(join(state, 'snapshot.json'), 200),
    'snapshot.json is not what was stored: its SHA-256 differs.',
  ],
  [
    'a huge snapshot.json',
    (state) => truncate(join(state, 'snapshot.json'), 2 ** 27),
    'It has more than 67108864 bytes',
  ],
  [
    'another snapshot.json',
    async (state) => {
      const path = join(state, 'snapshot.json');
      await writeFile(path, (await readFile(path, 'utf8')).replace('"skipped":0', '"skipped":1'));
    },
    'snapshot.json is not what was stored: its SHA-256 differs.',
  ],
])('a stored state with %s is skipped by name for an older one', async (_, alter, what) => {
  const { keeper, folders, temporaryFolder } = await sweptDay();
  await buildDailyState(keeper.sealed, '2026-11-20T23');
  await keep(keeper, new Date('2026-11-23T00:30:00Z'));
  await buildDailyState(keeper.sealed, '2026-11-21T23');
  await alter(await storedState(folders.sealed, '2026-11-21'));

  const folder = await temporaryFolder();
  const { loaded, broken } = await load(keeper.sealed, folder, '2026-11-21');
  expect(loaded?.day).toBe('2026-11-20');
  expect(broken).toMatchObject([{ day: '2026-11-21', what: expect.stringContaining(what) }]);
  expect((await readdir(folder)).toSorted()).toEqual([loaded?.manifest.folder, 'snapshot.json']);

  const said: BrokenSnapshot[] = [];
  const built = buildDailyState(keeper.sealed, '2026-11-22T23', {
    onBroken: (one) => void said.push(one),
  });
  await expect(built).resolves.toEqual({ day: '2026-11-22', isNew: true });
  expect(said).toEqual(broken);
  const next = await load(keeper.sealed, await temporaryFolder(), '2026-11-22');
  expect(next).toMatchObject({ broken: [], loaded: { manifest: { totals: { c: 2, v: 0 }, gaps: [] } } });
});

test('where no stored state is whole, the next one is made of the sealed hours alone, beside what is broken', async () => {
  const { keeper, folders, temporaryFolder } = await sweptDay();
  await keep(keeper, new Date('2026-11-29T00:30:00Z'));
  const build = () => buildDailyState(keeper.sealed, '2026-11-28T23');
  // Seven days a run, from the first one.
  expect(await build()).toMatchObject({ day: '2026-11-26', isNew: true });
  await truncate(join(await storedState(folders.sealed, '2026-11-26'), 'rows-0000.ndjson.gz'), 20);
  const states = [await build(), await build(), await build()];
  expect(states).toEqual([
    { day: '2026-11-26', isNew: true },
    { day: '2026-11-28', isNew: true },
    { day: '2026-11-28', isNew: false },
  ]);
  expect((await readdir(join(folders.sealed, 'state/dt=2026-11-26'))).toSorted()).toEqual([
    expect.stringMatching(/^[0-9a-f]{16}$/),
    expect.stringMatching(/^[0-9a-f]{16}-1$/),
  ]);
  const { loaded } = await load(keeper.sealed, await temporaryFolder(), '2026-11-28');
  expect(loaded?.manifest).toMatchObject({ totals: { c: 2, v: 0 } });
});

test('a store that refuses to be read is no reason to take an older state', async () => {
  const { keeper, temporaryFolder } = await sweptDay();
  await buildDailyState(keeper.sealed, '2026-11-20T23');
  const refused = { ...keeper.sealed, read: async () => Promise.reject(new Error('Access Denied')) };
  await expect(load(refused, await temporaryFolder())).rejects.toThrow('Access Denied');
});

const sealedUntil = (period: string) => ({
  last: { period, number: 15, sha256: '0'.repeat(64), keyId: '0'.repeat(64) },
  until: Date.parse('2026-11-21T00:00:00Z'),
  keys: [],
  missingHours: 0,
});

test.each([
  ['folder leads elsewhere', { folder: '../elsewhere' }],
  ['folder is that of the day after', { folder: '20261122T000000000Z' }],
  ['part leads elsewhere', { rows: [{ name: '../../elsewhere', lines: 1, sha256: '' }] }],
  ['time is not the end of its day', { until: Date.parse('2026-11-19T00:00:00Z') }],
  ['hours were not sealed', { sealed: undefined }],
  ['hours are of another ledger', { sealed: sealedUntil('2026-11-20T23') }],
  ['hours are not sealed yet', { sealed: sealedUntil('9999-12-31T23') }],
])('a stored state whose %s is skipped, and nothing is written', async (_, forged) => {
  const { keeper, folders, temporaryFolder } = await sweptDay();
  await buildDailyState(keeper.sealed, '2026-11-20T23');
  const state = await storedState(folders.sealed);
  const whole = JSON.parse(await readFile(join(state, 'snapshot.json'), 'utf8')) as object;
  const bytes = JSON.stringify({ ...whole, ...forged });
  await cp(state, join(state, '..', sha256(Buffer.from(bytes)).slice(0, 16)), { recursive: true });
  await writeFile(join(state, '..', sha256(Buffer.from(bytes)).slice(0, 16), 'snapshot.json'), bytes);
  await rm(state, { recursive: true });
  const folder = await temporaryFolder();
  const { loaded, broken } = await load(keeper.sealed, folder);
  expect(loaded).toBeUndefined();
  expect(broken).toMatchObject([{ day: '2026-11-20', what: expect.stringContaining('snapshot.json') }]);
  expect(await readdir(folder)).toEqual([]);
  // Nor does it stand for its day.
  const said: BrokenSnapshot[] = [];
  const build = () =>
    buildDailyState(keeper.sealed, '2026-11-20T23', { onBroken: (one) => void said.push(one) });
  expect([await build(), await build()]).toMatchObject([{ isNew: true }, { isNew: false }]);
  expect(said).toEqual(broken);
});

test('a stored state of a day that is not over yet does not stand for it', async () => {
  const { keeper } = await sweptDay();
  await keeper.sealed.create('state/dt=9999-12-31/0000000000000000/snapshot.json', Buffer.from('{}'));
  await expect(buildDailyState(keeper.sealed, '2026-11-20T23')).resolves.toMatchObject({ day: '2026-11-20' });
});
