import { readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { startOf } from '@compliance/evidence';
import { expect, test } from 'vitest';

import { buildDailyState } from '../src/daily/build-daily-state.ts';
import { buildState, eventsSince, loadSnapshot, newestSnapshot, readManifest } from '../src/index.ts';
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
  const stored = await newestSnapshot(keeper.sealed);
  if (!stored) throw new Error('No state is stored.');
  const manifest = await loadSnapshot(keeper.sealed, stored, loaded);
  expect(manifest).toMatchObject({
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
  const stored = await newestSnapshot(keeper.sealed);
  if (!stored) throw new Error('No state is stored.');
  const previous = await loadSnapshot(keeper.sealed, stored, folder);
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
  expect(manifest).toMatchObject({ totals: { c: 2 }, knownSince: previous.until });
});

test('a day that is not over has no state, and two runs at once make one', async () => {
  const { keeper } = await sweptDay();
  await expect(buildDailyState(keeper.sealed, '2026-11-20T22')).resolves.toBeUndefined();
  await Promise.all([1, 2].map(() => buildDailyState(keeper.sealed, '2026-11-20T23')));
  const keys = await Array.fromAsync(keeper.sealed.list({ prefix: 'state/' }));
  expect(keys.filter((key) => key.endsWith('snapshot.json'))).toHaveLength(1);
});

test('a stored state that was altered is refused by name', async () => {
  const { keeper, folders, temporaryFolder, ledger } = await sweptDay();
  await buildDailyState(keeper.sealed, '2026-11-20T23');
  const stored = await newestSnapshot(keeper.sealed);
  if (!stored) throw new Error('No state is stored.');
  await writeFile(join(folders.sealed, stored.key.replace('snapshot.json', 'rows-0000.ndjson.gz')), 'none');
  const folder = await temporaryFolder();
  await loadSnapshot(keeper.sealed, stored, folder);
  const since = await eventsSince(
    await readManifest(folder),
    { sealed: keeper.sealed, intake: ledger },
    {
      now: new Date('2026-11-21T01:00:00Z'),
      from: new Date(0),
    },
  );
  await expect(buildState({ folder, events: [], until: since?.until ?? new Date() })).rejects.toThrow(
    'rows-0000.ndjson.gz cannot be read.',
  );
});

test.each([
  ['folder', { folder: '../elsewhere' }],
  ['part', { rows: [{ name: '../../elsewhere', lines: 1, sha256: '' }] }],
])('a stored state whose %s leads elsewhere is refused, and nothing is written there', async (_, forged) => {
  const { keeper, temporaryFolder } = await sweptDay();
  await buildDailyState(keeper.sealed, '2026-11-20T23');
  const stored = await newestSnapshot(keeper.sealed);
  if (!stored) throw new Error('No state is stored.');
  const path = keeper.sealed.describe(stored.key);
  await writeFile(path, JSON.stringify({ ...JSON.parse(await readFile(path, 'utf8')), ...forged }));
  const folder = join(await temporaryFolder(), 'state');
  await expect(loadSnapshot(keeper.sealed, stored, folder)).rejects.toThrow('snapshot.json');
  expect(await readdir(folder)).toEqual(['snapshot.json']);
});

test('a stored state of a day that is not over yet does not stand for it', async () => {
  const { keeper } = await sweptDay();
  await keeper.sealed.create('state/dt=9999-12-31/0000000000000000/snapshot.json', Buffer.from('{}'));
  await expect(buildDailyState(keeper.sealed, '2026-11-20T23')).resolves.toMatchObject({ day: '2026-11-20' });
});
