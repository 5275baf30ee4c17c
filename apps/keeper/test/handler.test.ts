import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AccountId, auditEvent } from '@compliance/core';
import { memoryTable } from '@compliance/core/testing';
import {
  folderStore,
  localSigner,
  newPrivateKey,
  tableCheckpoints,
  type ObjectStore,
} from '@compliance/evidence';
import { folderLedger } from '@compliance/ledger';
import { buildDailyState } from '@compliance/state/daily';
import { expect, onTestFinished, test } from 'vitest';

import { createHandler, type KeeperDependencies } from '../src/handler.ts';

const PART = 'class=actions/dt=2026-11-29/hour=11';

const temporaryFolder = async () => {
  const folder = await mkdtemp(join(tmpdir(), 'keeper-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const openHandler = async (changes: Partial<KeeperDependencies> = {}) => {
  const [intake, sealed, copies] = [
    await temporaryFolder(),
    await temporaryFolder(),
    await temporaryFolder(),
  ];
  const clock = { now: new Date('2026-11-29T12:30:00Z'), remainingMs: 900_000 };
  const table = memoryTable();
  const said: object[] = [];
  const dependencies: KeeperDependencies = {
    intake: folderStore(intake),
    sealed: folderStore(sealed),
    copies: folderStore(copies),
    signer: localSigner(newPrivateKey()),
    formerPrefix: '',
    code: 'test',
    checkpoints: tableCheckpoints(table, () => clock.now),
    table,
    now: () => clock.now,
    say: (line) => void said.push(line),
    buildDailyState: (newest, options) => buildDailyState(folderStore(sealed), newest, options),
    ...changes,
  };
  const handler = createHandler(async () => dependencies);
  return {
    dependencies,
    clock,
    said,
    folders: { intake, sealed, copies },
    run: (event: unknown = {}, getRemainingTimeInMillis = () => clock.remainingMs) =>
      handler(event, { getRemainingTimeInMillis }),
    append: (time: string) =>
      folderLedger(intake, () => new Date(time)).append([
        auditEvent(
          {
            type: 'plan-decided',
            accountId: AccountId.parse('111122223333'),
            planId: 'plan-1',
            decision: 'approved',
          },
          new Date(time),
          time,
        ),
      ]),
  };
};

test('a run by schedule seals what is due, checks it, and records each head elsewhere once', async () => {
  const { run, append, clock, said, dependencies } = await openHandler();
  await append('2026-11-29T11:10:00Z');
  const scheduled = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };
  expect(await run(scheduled)).toEqual({
    keeper: 'run',
    sealed: ['2026-11-29T11'],
    newest: '2026-11-29T11',
    newestAgeHours: 0.5,
    lines: 1,
    late: 0,
    leftOut: 0,
    verifiedAgain: 1,
    verified: true,
  });
  clock.now = new Date('2026-11-29T12:40:00Z');
  expect(await run(scheduled)).toMatchObject({ sealed: [], verified: true });
  expect(said).toMatchObject([
    { keeper: 'head', period: '2026-11-29T11', number: 0 },
    { keeper: 'run' },
    { keeper: 'run' },
  ]);
  const rows = await Array.fromAsync(dependencies.table.query('keeper#heads'));
  expect(rows).toMatchObject([{ sk: '2026-11-29T11', data: { number: 0 } }]);
  const head = 'heads/dt=2026-11-29/hour=11.json';
  expect(await dependencies.copies?.read(head, 4096)).toEqual(await dependencies.sealed.read(head, 4096));
});

test('hours that somebody deleted, and that the keeper would seal again, are noticed', async () => {
  const { run, append, folders } = await openHandler();
  await append('2026-11-29T11:10:00Z');
  await run();
  await rm(folders.sealed, { recursive: true });
  await rm(folders.intake, { recursive: true });
  await append('2026-11-29T11:20:00Z');
  const noticed = {
    verified: false,
    problem: { period: '2026-11-29T11', what: expect.stringContaining('deleted and sealed again') },
  };
  expect(await run()).toMatchObject({ sealed: ['2026-11-29T11'], ...noticed });
  expect(await run()).toMatchObject({ sealed: [], ...noticed });
});

test('a head whose records failed is said again, and recorded, by the next run', async () => {
  let isDown = true;
  const { run, said } = await openHandler({
    table: {
      ...memoryTable(),
      put: async () => !isDown || Promise.reject(new Error('The table is down.')),
    },
  });
  await expect(run()).rejects.toThrow('The table is down.');
  isDown = false;
  expect(await run()).toMatchObject({ sealed: [] });
  expect(said).toMatchObject([{ keeper: 'head' }, { keeper: 'head' }, { keeper: 'run' }]);
});

test('a bucket that refuses copies does not keep the keeper from sealing, and has all of them in the end', async () => {
  const copies = folderStore(await temporaryFolder());
  let isRefused = false;
  const refusing = {
    ...copies,
    create: async (key: string, bytes: Uint8Array) =>
      isRefused ? Promise.reject(new Error('Access Denied')) : copies.create(key, bytes),
  };
  const { run, clock, said, dependencies } = await openHandler({ copies: refusing });
  await run();
  isRefused = true;
  clock.now = new Date('2026-11-29T14:30:00Z');
  expect(await run()).toMatchObject({ sealed: ['2026-11-29T12', '2026-11-29T13'], verified: true });
  clock.now = new Date('2026-11-29T15:30:00Z');
  expect(await run()).toMatchObject({ sealed: ['2026-11-29T14'] });
  expect(said.filter((line) => 'keeper' in line && line.keeper === 'not-copied')).toEqual(
    ['2026-11-29T12', '2026-11-29T12'].map((period) => ({
      keeper: 'not-copied',
      period,
      place: expect.stringMatching(/heads\/dt=2026-11-29\/hour=12\..*sig$/),
      what: 'Access Denied',
    })),
  );
  isRefused = false;
  expect(await run()).toMatchObject({ sealed: [] });
  const headsIn = async (store: ObjectStore) => {
    const keys = await Array.fromAsync(store.list({ prefix: 'heads/' }));
    return Promise.all(keys.map(async (key) => [key, await store.read(key, 4096)]));
  };
  expect(await headsIn(copies)).toEqual(await headsIn(dependencies.sealed));
});

test('heads that wait are also copied by a run that fails, and all of them where nobody knows which wait', async () => {
  const copies = folderStore(await temporaryFolder());
  let isRefused = true;
  const { run, clock, folders, dependencies } = await openHandler({
    copies: {
      ...copies,
      create: async (...file) =>
        isRefused ? Promise.reject(new Error('Access Denied')) : copies.create(...file),
    },
  });
  await run();
  isRefused = false;
  const row = { pk: 'keeper#copies', sk: 'waiting' };
  const { version = 0 } = (await dependencies.table.get(row.pk, row.sk)) ?? {};
  await dependencies.table.put({ ...row, data: { from: 'nonsense' }, expected: version });
  await writeFile(join(folders.sealed, 'begin.json'), 'nonsense');
  clock.now = new Date('2026-11-29T13:30:00Z');
  await expect(run()).rejects.toThrow('begin.json');
  expect(await copies.read('heads/dt=2026-11-29/hour=11.json', 4096)).toBeDefined();
});

test('copies that fail hide neither what a run found nor why it failed', async () => {
  const { run, clock, folders, said, dependencies } = await openHandler();
  const failing = {
    ...dependencies,
    table: {
      ...dependencies.table,
      get: async (pk: string, sk: string) =>
        pk === 'keeper#copies' && clock.remainingMs < 900_000
          ? Promise.reject(new Error('The table is down.'))
          : dependencies.table.get(pk, sk),
    },
  };
  await run();
  clock.remainingMs = 800_000;
  const again = () =>
    createHandler(async () => failing)({}, { getRemainingTimeInMillis: () => clock.remainingMs });
  await expect(again()).resolves.toMatchObject({ keeper: 'run', sealed: [], verified: true });
  expect(said.slice(-2)).toMatchObject([
    { keeper: 'not-copied', what: 'The table is down.' },
    { keeper: 'run' },
  ]);
  await writeFile(join(folders.sealed, 'begin.json'), 'nonsense');
  await expect(again()).rejects.toThrow('begin.json');
});

test('a head that was altered before it was copied is named, and not the bucket that should have it', async () => {
  const copies = folderStore(await temporaryFolder());
  let isRefused = true;
  const { run, clock, said, folders } = await openHandler({
    copies: {
      ...copies,
      create: async (...file) =>
        isRefused ? Promise.reject(new Error('Access Denied')) : copies.create(...file),
    },
  });
  await run();
  clock.now = new Date('2026-11-29T13:30:00Z');
  await run();
  isRefused = false;
  const head = join(folders.sealed, 'heads/dt=2026-11-29/hour=11.json');
  await writeFile(head, `${await readFile(head, 'utf8')} `);
  await run();
  expect(said).toContainEqual({
    keeper: 'not-copied',
    period: '2026-11-29T11',
    place: head,
    what: 'It is not in the form in which heads are signed.',
  });
});

test('a row of waiting copies that nobody can replace ends a run by its name', async () => {
  const table = memoryTable();
  const { run } = await openHandler({
    table: {
      ...table,
      // As a row without a version: DynamoDB refuses a write that expects none.
      get: async (pk, sk) => (pk === 'keeper#copies' ? { pk, sk, version: 0, data: {} } : table.get(pk, sk)),
      put: async (write) => (write.pk === 'keeper#copies' ? false : table.put(write)),
    },
  });
  await expect(run()).rejects.toThrow(
    'The row keeper#copies, waiting of the state table cannot be replaced.',
  );
});

test('a recorded head that is none is a problem, and does not keep the keeper from sealing', async () => {
  const { run, clock, dependencies } = await openHandler();
  await run();
  const row = { pk: 'keeper#heads', sk: '2026-11-29T11', data: {}, expected: 1 };
  expect(await dependencies.table.put(row)).toBe(true);
  clock.now = new Date('2026-11-29T13:30:00Z');
  expect(await run()).toMatchObject({
    sealed: ['2026-11-29T12'],
    problem: { period: '2026-11-29T11', what: expect.stringContaining('whose row is none') },
  });
});

test('a run whose time went into copies leaves the daily state to the next one', async () => {
  const copies = folderStore(await temporaryFolder());
  let isWaiting = true;
  const opened = await openHandler({
    copies: {
      ...copies,
      create: async (...file) => {
        if (isWaiting) throw new Error('Access Denied');
        opened.clock.remainingMs = 100_000;
        return copies.create(...file);
      },
    },
  });
  const { run, clock } = opened;
  await run();
  clock.now = new Date('2026-11-30T00:30:00Z');
  await run();
  isWaiting = false;
  expect(await run()).not.toHaveProperty('state');
  clock.remainingMs = 900_000;
  expect(await run()).toMatchObject({ state: '2026-11-29' });
});

test('a person may have an hour sealed that is not over; what arrives later in it is late', async () => {
  const { run, append, clock } = await openHandler();
  await append('2026-11-29T12:20:00Z');
  expect(await run({ through: '2026-11-29T12' })).toMatchObject({ lines: 1, newestAgeHours: 0 });
  await append('2026-11-29T12:50:00Z');
  clock.now = new Date('2026-11-29T14:20:00Z');
  expect(await run()).toMatchObject({ sealed: ['2026-11-29T13'], lines: 1, late: 1 });
});

test.each<[string, string, (path: string) => Promise<void>, string]>([
  [
    'a part that is altered',
    PART,
    (path) => writeFile(path, 'Mine.'),
    'Its lines are not those of its manifest.',
  ],
  ['a part that is deleted', PART, (path) => rm(path), 'It is missing, or archived.'],
  [
    'a manifest that is deleted',
    'manifests/dt=2026-11-29',
    (path) => rm(path),
    'It is missing, or archived.',
  ],
])(
  '%s, and without which known ids are not known, is a problem by name; sealing goes on once it is back',
  async (_, folder, alter, what) => {
    const { run, append, clock, said, folders } = await openHandler();
    await append('2026-11-29T11:10:00Z');
    await run();
    const [name = ''] = await readdir(join(folders.sealed, folder));
    const path = join(folders.sealed, folder, name);
    const sealed = await readFile(path);
    await alter(path);
    await append('2026-11-29T12:10:00Z');
    clock.now = new Date('2026-11-29T13:30:00Z');
    await expect(run()).rejects.toThrow(path);
    expect(said.at(-1)).toEqual({ keeper: 'problem', place: path, what });
    await writeFile(path, sealed);
    expect(await run()).toMatchObject({ sealed: ['2026-11-29T12'], verified: true });
  },
);

test('a run without time left says how old the newest head is, and what it goes on with', async () => {
  const { run, clock } = await openHandler();
  await run();
  clock.now = new Date('2026-11-29T15:30:00Z');
  clock.remainingMs = 1000;
  expect(await run()).toMatchObject({ sealed: [], unfinished: '2026-11-29T12', newestAgeHours: 3.5 });
});

test('what a run sealed and cannot read back as it was is said', async () => {
  const { run, clock, folders } = await openHandler();
  await run();
  await writeFile(join(folders.sealed, 'manifests/dt=2026-11-29/hour=11.json'), '{}');
  clock.now = new Date('2026-11-29T13:30:00Z');
  expect(await run()).toMatchObject({
    verified: false,
    problem: { period: '2026-11-29T11', place: join(folders.sealed, 'manifests/dt=2026-11-29/hour=11.json') },
  });
});

/** An organization two days after its first hour, and its next hours, one run each. */
const twoDaysLater = async (changes: Partial<KeeperDependencies> = {}) => {
  const opened = await openHandler(changes);
  await opened.append('2026-11-29T11:10:00Z');
  await opened.run();
  const hourly = async (count: number) => {
    const reports = [];
    for (let hour = 0; hour < count; hour += 1) {
      opened.clock.now = new Date(opened.clock.now.getTime() + 3_600_000);
      reports.push(await opened.run());
    }
    return reports;
  };
  opened.clock.now = new Date('2026-12-01T12:30:00Z');
  await opened.run();
  return { ...opened, hourly };
};

test.each<[string, (sealed: string) => Promise<void>, object]>([
  [
    'a part that is altered',
    async (sealed) => {
      const [part = ''] = await readdir(join(sealed, PART));
      const file = await readFile(join(sealed, PART, part));
      file.writeUInt8(file.readUInt8(20) ^ 1, 20);
      await writeFile(join(sealed, PART, part), file);
    },
    { period: '2026-11-29T11', place: expect.stringContaining(PART) },
  ],
  [
    'an hour that is deleted',
    (sealed) => rm(join(sealed, 'heads/dt=2026-11-29/hour=20.json')),
    { period: '2026-11-29T20', what: 'This hour is missing.' },
  ],
  [
    'the first hours that are deleted',
    async (sealed) => {
      await rm(join(sealed, 'heads/dt=2026-11-29/hour=11.json'));
      await rm(join(sealed, 'heads/dt=2026-11-29/hour=12.json'));
    },
    { period: '2026-11-29T13', what: expect.stringContaining('What was sealed before it is missing') },
  ],
  [
    'an object among the old ones',
    (sealed) => writeFile(join(sealed, PART, 'part-3f.ndjson.gz'), ''),
    { period: '2026-11-29T11', what: 'It is foreign: no manifest names it.' },
  ],
])('%s is noticed by the keeper itself, days later, and by every round', async (_, alter, problem) => {
  const { folders, hourly } = await twoDaysLater();
  expect((await hourly(4)).filter(({ verified }) => !verified)).toEqual([]);
  await alter(folders.sealed);
  for (const round of [await hourly(4), await hourly(4)]) {
    const found = round.filter(({ verified }) => !verified);
    expect(found.length).toBeGreaterThan(0);
    for (const report of found) expect(report.problem).toMatchObject(problem);
  }
});

test('what is wrong with old hours is said before the next run goes on behind them', async () => {
  const table = memoryTable();
  let isLost = false;
  const { folders, run, said, clock } = await twoDaysLater({
    table: {
      ...table,
      put: async (write) => {
        const isDone = await table.put(write);
        if (isLost && write.pk === 'keeper#verified') throw new Error('The answer was lost.');
        return isDone;
      },
    },
  });
  await rm(join(folders.sealed, 'heads/dt=2026-11-29/hour=20.json'));
  isLost = true;
  const endings = [];
  for (let hour = 0; hour < 4; hour += 1) {
    clock.now = new Date(clock.now.getTime() + 3_600_000);
    endings.push(await run().then(() => 'whole', String));
  }
  expect(endings).toEqual(endings.map(() => 'Error: The answer was lost.'));
  expect(said).toContainEqual(expect.objectContaining({ keeper: 'problem', period: '2026-11-29T20' }));
});

test('what is old is not read again by a run that has no time left, and goes on where it ended', async () => {
  const { run, clock, hourly, said, dependencies } = await twoDaysLater();
  const positionOf = async () =>
    (await Array.fromAsync(dependencies.table.query('keeper#verified')))[0]?.data;
  await hourly(1);
  const before = await positionOf();
  const heads = () => said.filter((line) => 'keeper' in line && line.keeper === 'head').length;
  const sealedBefore = heads();
  clock.now = new Date(clock.now.getTime() + 3_600_000);
  // Enough for the one hour that is due.
  const report = await run({}, () => (heads() > sealedBefore ? 1000 : 900_000));
  expect(report).toMatchObject({ sealed: [expect.any(String)], verifiedAgain: 0, verified: true });
  expect(await positionOf()).toEqual(before);
  expect((await hourly(1))[0]).toMatchObject({ verified: true });
  expect(await positionOf()).not.toEqual(before);
});

test('once a day is sealed to its end, a run that has nothing to seal makes its state, once', async () => {
  const { run, append, clock, said, dependencies } = await openHandler();
  await run();
  await append('2026-11-29T23:10:00Z');
  clock.now = new Date('2026-11-30T00:30:00Z');
  expect(await run()).not.toHaveProperty('state');
  clock.now = new Date('2026-11-30T00:40:00Z');
  expect(await run()).toMatchObject({ sealed: [], state: '2026-11-29' });
  const keys = await Array.fromAsync(dependencies.sealed.list({ prefix: 'state/' }));
  expect(keys.at(-1)).toMatch(/^state\/dt=2026-11-29\/[0-9a-f]{16}\/snapshot\.json$/);
  expect(await run()).toMatchObject({ state: '2026-11-29' });
  expect(await Array.fromAsync(dependencies.sealed.list({ prefix: 'state/' }))).toEqual(keys);
  expect(said.filter((line) => 'ageHours' in line)).toEqual([
    { keeper: 'state', day: '2026-11-29', isNew: true, ageHours: 2 / 3 },
    { keeper: 'state', day: '2026-11-29', isNew: false, ageHours: 2 / 3 },
  ]);
});

test('a daily state that is broken is said, and the next one is made of an older one', async () => {
  const { run, clock, said, folders } = await openHandler();
  await run();
  for (const time of ['2026-11-30T00:30:00Z', '2026-11-30T00:40:00Z']) {
    clock.now = new Date(time);
    await run();
  }
  const [key = ''] = (await readdir(folders.sealed, { recursive: true })).filter((name) =>
    /^state.*snapshot\.json$/.test(name),
  );
  await writeFile(join(folders.sealed, key), '');
  clock.now = new Date('2026-12-01T00:30:00Z');
  await run();
  expect(await run()).toMatchObject({ state: '2026-11-30' });
  expect(said).toContainEqual(
    expect.objectContaining({
      keeper: 'broken-state',
      day: '2026-11-29',
      what: expect.stringContaining(key),
    }),
  );
});

test('how old the newest state is, is said by each run that cannot make the next one', async () => {
  let isFull = false;
  const sealed = folderStore(await temporaryFolder());
  const { run, clock, said } = await openHandler({
    sealed,
    buildDailyState: (newest, options) =>
      buildDailyState(
        isFull ? { ...sealed, create: () => Promise.reject(new Error('The bucket is full.')) } : sealed,
        newest,
        options,
      ),
  });
  await run();
  clock.now = new Date('2026-11-30T00:30:00Z');
  await run();
  await run();
  isFull = true;
  clock.now = new Date('2026-12-01T12:30:00Z');
  await run();
  await expect(run()).rejects.toThrow('The bucket is full.');
  expect(said.at(-1)).toEqual({ keeper: 'state', day: '2026-11-29', isNew: false, ageHours: 36.5 });
});

test('a state that cannot be made does not keep the keeper from sealing', async () => {
  const { run, clock, said } = await openHandler({
    buildDailyState: async () => Promise.reject(new Error('The disk is full.')),
  });
  expect(await run()).toMatchObject({ sealed: ['2026-11-29T11'] });
  await expect(run()).rejects.toThrow('The disk is full.');
  clock.now = new Date('2026-11-29T13:30:00Z');
  expect(await run()).toMatchObject({ sealed: ['2026-11-29T12'] });
  expect(said.filter((line) => 'verified' in line)).toHaveLength(3);
});

test('an hour that is none is refused', async () => {
  const { run } = await openHandler();
  await expect(run({ through: 'now' })).rejects.toThrow('is not an hour such as 2026-11-29T14');
});

test('an hour that has not begun is refused, and nothing is sealed until then', async () => {
  const { run } = await openHandler();
  await expect(run({ through: '2026-11-29T13' })).rejects.toThrow('2026-11-29T13 has not begun.');
  expect(await run()).toMatchObject({ sealed: ['2026-11-29T11'] });
});
