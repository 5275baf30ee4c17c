import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { AccountId, auditEvent } from '@compliance/core';
import { memoryTable } from '@compliance/core/testing';
import { folderStore, localSigner, newPrivateKey, tableCheckpoints } from '@compliance/evidence';
import { folderLedger } from '@compliance/ledger';
import { expect, onTestFinished, test } from 'vitest';

import { createHandler, type KeeperDependencies } from '../src/handler.ts';

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
    ...changes,
  };
  const handler = createHandler(async () => dependencies);
  return {
    dependencies,
    clock,
    said,
    folders: { intake, sealed, copies },
    run: (event: unknown = {}) => handler(event, { getRemainingTimeInMillis: () => clock.remainingMs }),
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

test('a head whose records failed is recorded by the next run', async () => {
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
  expect(said).toMatchObject([{ keeper: 'head' }, { keeper: 'run' }]);
});

test('a person may have an hour sealed that is not over; what arrives later in it is late', async () => {
  const { run, append, clock } = await openHandler();
  await append('2026-11-29T12:20:00Z');
  expect(await run({ through: '2026-11-29T12' })).toMatchObject({ lines: 1, newestAgeHours: 0 });
  await append('2026-11-29T12:50:00Z');
  clock.now = new Date('2026-11-29T14:20:00Z');
  expect(await run()).toMatchObject({ sealed: ['2026-11-29T13'], lines: 1, late: 1 });
});

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

test('an hour that is none is refused', async () => {
  const { run } = await openHandler();
  await expect(run({ through: 'now' })).rejects.toThrow('is not an hour such as 2026-11-29T14');
});
