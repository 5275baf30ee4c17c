import { copyFile, mkdir, readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { gunzipSync } from 'node:zlib';

import { AccountId, type AuditEvent } from '@compliance/core';
import { memoryTable } from '@compliance/core/testing';
import { folderLedger, shardOf } from '@compliance/ledger';
import { expect, test } from 'vitest';

import {
  BrokenSealError,
  localSigner,
  newPrivateKey,
  sealedPeriods,
  tableCheckpoints,
  verify,
} from '../src/index.ts';
import { gzip } from '../src/format/gzip.ts';
import { createManifestReader } from '../src/read/read-manifests.ts';
import type { ObjectStore } from '../src/store/object-store.ts';
import { at, decision, eventsIn, FIRST, hourAfter, openKeeper, sealedDay, verdict } from './organization.ts';

type Opened = Awaited<ReturnType<typeof openKeeper>>;

const sealedIds = async ({ keeper }: Opened, hours = 24) =>
  (await eventsIn(keeper.sealed, FIRST, hourAfter(hours))).events.map(({ id }) => id);

/** An account of a shard, other than those of the test organization. */
const accountInShard = (shard: string) => {
  for (let number = 222_222_222_222; ; number += 1)
    if (shardOf({ accountId: String(number) }) === shard) return AccountId.parse(String(number));
};

const filesOf = async (folder: string) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Object.fromEntries(
    await Promise.all(
      files
        .toSorted()
        .map(async (file) => [file.slice(folder.length), (await readFile(file)).toString('base64')] as const),
    ),
  );
};

test('every hour that is over for 20 minutes is sealed, also an empty one, and the chain verifies', async () => {
  const day = await sealedDay();
  expect(await sealedPeriods(day.keeper.sealed, FIRST, hourAfter(24))).toEqual(
    [0, 1, 2, 3, 4, 5].map(hourAfter),
  );
  const manifest = await createManifestReader(day.keeper.sealed)(hourAfter(3));
  expect(manifest).toMatchObject({ parts: [], taken: [], duplicates: 0 });
  expect(await day.verify(6)).toMatchObject({ periods: 6, lines: 60, signer: 'proven' });
  expect((await day.verify(6)).problem).toBeUndefined();
});

test('an hour is not sealed before it is over for 20 minutes', async () => {
  const opened = await openKeeper();
  expect((await opened.seal(79)).sealed).toEqual([]);
  expect((await opened.seal(80)).sealed).toHaveLength(1);
});

test('sealed hours are read in order of time and id, across parts', async () => {
  const day = await sealedDay();
  const { events } = await eventsIn(day.keeper.sealed, FIRST, hourAfter(6));
  expect(events).toHaveLength(60);
  const order = events.map(({ time, id }) => `${time} ${id}`);
  expect(order).toEqual(order.toSorted());
});

test('an event that is appended again within 35 days is sealed once, also on another day', async () => {
  const opened = await openKeeper();
  const event = verdict(1, at(5));
  await opened.append(5, [event]);
  await opened.append(50, [event, verdict(2, at(50), event.accountId)]);
  await opened.append(30 * 60, [event]);
  await opened.append(34 * 24 * 60, [event]);
  await opened.seal(34 * 24 * 60 + 80);
  const ids = await sealedIds(opened, 35 * 24);
  expect(ids).toHaveLength(2);
  expect(new Set(ids).size).toBe(2);
  expect((await createManifestReader(opened.keeper.sealed)(hourAfter(30)))?.duplicates).toBe(1);
});

test('what a writer with a clock an hour behind writes after its hour was sealed is sealed late, once, and flagged', async () => {
  const opened = await openKeeper();
  await opened.append(10, [verdict(1, at(10))]);
  await opened.seal(80);
  await opened.append(50, [verdict(2, at(50)), decision(2, at(50))]);
  // A clock ahead of ours: it is simply sealed with its hour.
  await opened.append(190, [verdict(3, at(190))]);
  await opened.seal(140);
  await opened.seal(200);
  await opened.seal(300);
  const ids = await sealedIds(opened);
  expect(ids).toHaveLength(4);
  expect(new Set(ids).size).toBe(4);
  const manifest = await createManifestReader(opened.keeper.sealed)(hourAfter(1));
  expect(manifest?.parts.map(({ late, lines }) => ({ late, lines }))).toEqual([
    { late: true, lines: 1 },
    { late: true, lines: 1 },
  ]);
  expect(await opened.verify(4)).toMatchObject({ lines: 4, signer: 'proven' });
});

test('all hours removed after what was imported are noticed', async () => {
  const opened = await openKeeper();
  await opened.append(-120, [verdict(1, at(-120))]);
  await opened.append(5, [verdict(2, at(5))]);
  await opened.seal(140);
  expect((await opened.verify(2)).problem).toBeUndefined();
  for (const hour of ['10', '11'])
    await rm(join(opened.folders.sealed, `heads/dt=2026-11-29/hour=${hour}.json`));
  const removed = 'The hours from 2026-11-29T10 to 2026-11-29T11 are missing.';
  expect((await opened.verify(2)).problem?.what).toBe(removed);
  // What says for the keeper where the hours begin is not signed.
  const begin = join(opened.folders.sealed, 'begin.json');
  await writeFile(begin, JSON.stringify({ firstHour: '2030-01-01T00', firstDay: '2026-11-29' }));
  expect((await opened.verify(2)).problem?.what).toBe(removed);
});

test('after an import by a release before, which does not say when the hours begin, they still have to follow', async () => {
  const opened = await openKeeper();
  await opened.append(-120, [verdict(1, at(-120))]);
  const { sealed } = opened.keeper;
  const signer = { ...opened.keeper.signer, sign: () => Promise.reject(new Error('It was replaced.')) };
  await expect(opened.seal(80, { signer })).rejects.toThrow('It was replaced.');
  const taken = join(opened.folders.sealed, 'taken/dt=2026-11-29/imported.json');
  await writeFile(taken, (await readFile(taken, 'utf8')).replace(`"firstHour":"${FIRST}",`, ''));
  await rm(join(opened.folders.sealed, 'manifests/dt=2026-11-29/imported.json'));
  await opened.seal(80);
  expect((await createManifestReader(sealed)('2026-11-29.imported'))?.firstHour).toBeUndefined();
  expect((await opened.verify(1)).problem).toBeUndefined();
  await rm(join(opened.folders.sealed, 'heads/dt=2026-11-29/hour=10.json'));
  expect((await opened.verify(1)).problem?.what).toBe('This hour is missing.');
  await rm(join(opened.folders.sealed, 'begin.json'));
  expect((await opened.verify(1)).problem?.what).toBe(
    'No sealed hour follows what was imported: hours may have been removed.',
  );
});

test('late events of a release before and of this one are sealed side by side, of one shard in one hour', async () => {
  const opened = await openKeeper();
  await opened.append(5, [verdict(1, at(5))]);
  await opened.seal(80);
  const folder = join(opened.folders.intake, '2026/11/29');
  await mkdir(folder, { recursive: true });
  const { accountId } = verdict(1, at(5));
  const [former, present] = [verdict(100, at(6)), verdict(103, at(7))];
  expect([former.accountId, present.accountId]).toEqual([accountId, accountId]);
  await writeFile(join(folder, '20261129T100600000Z-0123456789abcdef.ndjson'), `${JSON.stringify(former)}\n`);
  await opened.append(7, [present]);
  await opened.seal(140);
  await opened.seal(200);
  expect((await sealedIds(opened)).toSorted()).toEqual(
    [verdict(1, at(5)), former, present].map(({ id }) => id).toSorted(),
  );
  expect((await opened.verify(3)).problem).toBeUndefined();
});

test('what a release before stores after the first hour was sealed is sealed late, also of a day before the imported ones', async () => {
  const opened = await openKeeper();
  await opened.append(5, [verdict(1, at(5))]);
  await opened.seal(80);
  const day = at(-24 * 60)
    .toISOString()
    .slice(0, 10)
    .replaceAll('-', '/');
  const folder = join(opened.folders.intake, day);
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, '20261128T100000000Z-0123456789abcdef.ndjson'),
    `${JSON.stringify(verdict(2, at(-24 * 60)))}\n`,
  );
  await opened.seal(140);
  await opened.seal(200);
  expect(await sealedIds(opened)).toHaveLength(2);
  expect((await opened.verify(3)).problem).toBeUndefined();
});

test('what is older than the last 48 hours is found late at midnight', async () => {
  const opened = await openKeeper();
  await opened.seal(70 * 60);
  await opened.append(30, [verdict(1, at(30))]);
  await opened.seal(72 * 60);
  expect(await sealedIds(opened, 100)).toHaveLength(0);
  await opened.seal(88 * 60);
  expect(await sealedIds(opened, 100)).toHaveLength(1);
});

test('what an earlier release or this one stored before the first hour is imported once, by its day', async () => {
  const opened = await openKeeper();
  const older = [verdict(1, at(-3000)), verdict(2, at(-3000)), decision(3, at(-3000))];
  await opened.append(-3000, [verdict(4, at(-3000))]);
  await opened.append(-30, [verdict(5, at(-30))]);
  await opened.append(30, [verdict(6, at(30))]);
  // A release before wrote one file a day and append.
  const folder = join(opened.folders.intake, '2026/11/27');
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, '20261127T000000000Z-0123456789abcdef.ndjson'),
    older.map((event) => `${JSON.stringify(event)}\n`).join(''),
  );
  await opened.seal(80);
  // One that still runs has appended again.
  await writeFile(
    join(folder, '20261127T000000001Z-0123456789abcdef.ndjson'),
    `${JSON.stringify(verdict(7, at(-3000)))}\n`,
  );
  await opened.seal(140);
  const periods = await sealedPeriods(opened.keeper.sealed, '2026-11-01T00', hourAfter(24));
  expect(periods).toEqual(['2026-11-27.imported', '2026-11-29.imported', FIRST, hourAfter(1)]);
  const ids = (await eventsIn(opened.keeper.sealed, '2026-11-01T00', hourAfter(24))).events.map(
    ({ id }) => id,
  );
  expect(ids).toHaveLength(7);
  expect(new Set(ids).size).toBe(7);
  expect((await createManifestReader(opened.keeper.sealed)('2026-11-27.imported'))?.imported).toBe(true);
  expect(await opened.verify(2)).toMatchObject({ periods: 4, lines: 7, signer: 'proven' });
  const { fingerprint } = opened;
  const fromBefore = { from: hourAfter(-100), until: hourAfter(2), fingerprint };
  const verified = await verify(opened.keeper.sealed, fromBefore);
  expect(verified).toMatchObject({ periods: 2, signer: 'proven' });
  expect(verified.problem).toBeUndefined();
  // Of a first hour that is gone, the next one does not follow what was imported.
  await rm(join(opened.folders.sealed, `heads/dt=2026-11-29/hour=10.json`));
  expect((await verify(opened.keeper.sealed, fromBefore)).problem?.what).toMatch(
    /^The hours from .* are missing\.$/,
  );
});

test('what a release before stores while its days are imported changes nothing of what is imported', async () => {
  const opened = await openKeeper();
  const store = async (day: number, number: number) => {
    const time = at(day * 24 * 60);
    const folder = join(opened.folders.intake, time.toISOString().slice(0, 10).replaceAll('-', '/'));
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, `${number}.ndjson`), `${JSON.stringify(verdict(number, time))}\n`);
  };
  await store(-3, 1);
  await store(-1, 2);
  // A keeper that is killed before it signs the first head, and one that has no time left after it.
  const signer = { ...opened.keeper.signer, sign: () => Promise.reject(new Error('Killed.')) };
  await expect(opened.seal(80, { signer })).rejects.toThrow('Killed.');
  await store(-4, 3);
  await store(-2, 4);
  await store(-1, 5);
  let units = 1;
  await opened.seal(80, { mayGoOn: () => (units -= 1) >= 0 });
  await store(-3, 6);
  await opened.seal(80);
  await opened.seal(140);
  expect(await sealedPeriods(opened.keeper.sealed, '2026-11-01T00', hourAfter(24))).toEqual([
    '2026-11-26.imported',
    '2026-11-28.imported',
    FIRST,
    hourAfter(1),
  ]);
  // What is older than 48 hours is found at midnight.
  await opened.seal(16 * 60);
  const { events } = await eventsIn(opened.keeper.sealed, '2026-11-01T00', hourAfter(24 * 20));
  expect(new Set(events.map(({ id }) => id)).size).toBe(6);
  expect(await opened.verify(15)).toMatchObject({ lines: 6, signer: 'proven' });
});

test('names of days and hours that are none stop nothing', async () => {
  const opened = await openKeeper();
  const event = verdict(1, at(5));
  const place = `shard=${shardOf(event)}/foreign.ndjson`;
  const keys = [
    '2026/02/30/foreign.ndjson',
    '2025/19/99/foreign.ndjson',
    ...['2026-11-29T99', '2026-19-99T10', '2026-02-30T10'].map(
      (hour) => `intake/class=verdicts/arrived=${hour}/${place}`,
    ),
  ];
  for (const key of keys) await opened.keeper.intake.create(key, Buffer.from(JSON.stringify(event)));
  await opened.append(-2000, [verdict(2, at(-2000))]);
  await opened.append(5, [event]);
  await opened.seal(80);
  for (const hours of [1, 14, 15]) await opened.seal(80 + hours * 60);
  expect(await opened.verify(16)).toMatchObject({ lines: 2, signer: 'proven' });
  expect((await opened.verify(16)).problem).toBeUndefined();
});

test('half an upload, a foreign object and a line of a later release lose nothing else, and are named', async () => {
  const opened = await openKeeper();
  await opened.append(10, [verdict(1, at(10))]);
  const [file = ''] = Object.keys(await filesOf(opened.folders.intake));
  const folder = join(opened.folders.intake, file, '..');
  const later = { ...verdict(7, at(11)), schemaVersion: 9, type: 'of-a-later-release' };
  await writeFile(
    join(folder, 'z.ndjson'),
    `${JSON.stringify(verdict(4, at(11)))}\n${JSON.stringify(later)}\n{"id":"half`,
  );
  await writeFile(join(folder, 'notes.txt'), 'Mine.');
  await writeFile(join(folder, 'two\nlines.ndjson'), `${JSON.stringify(verdict(10, at(11)))}\n`);
  await writeFile(join(folder, 'x.ndjson.6e0f1c52-9d0b-4b53-8a6e-2f7c1f0d9b11.draft'), '{"half');
  await opened.seal(80);
  const manifest = await createManifestReader(opened.keeper.sealed)(FIRST);
  expect(manifest?.foreign).toMatchObject({
    count: 2,
    first: [/notes\.txt$/, /two\nlines\.ndjson$/].map((name) => expect.stringMatching(name) as string),
  });
  expect(manifest?.unreadable).toMatchObject({
    count: 1,
    first: [expect.stringContaining('z.ndjson, line 3: It is not an audit event.') as string],
  });
  // The line of a later release is sealed as it is; a reader of this release leaves it out.
  expect(manifest?.parts[0]?.lines).toBe(3);
  const { events, skipped } = await eventsIn(opened.keeper.sealed, FIRST, hourAfter(1));
  expect(events).toHaveLength(2);
  expect(skipped).toEqual([
    'The keeper left it out.',
    'The keeper left it out.',
    'The keeper left it out.',
    'A later release wrote it, with schema 9.',
  ]);
  expect((await opened.verify(1)).problem).toBeUndefined();
});

test('a keeper that is killed at any write leaves what the next one goes on with, to the same bytes', async () => {
  const whole = await openKeeper();
  const fill = async ({ append }: Opened) => {
    await append(-90, [verdict(9, at(-90))]);
    await append(5, [verdict(1, at(5)), verdict(2, at(5)), decision(1, at(5))]);
    await append(70, [verdict(3, at(70)), verdict(1, at(5))]);
  };
  await fill(whole);
  await whole.seal(160);
  const expected = await filesOf(whole.folders.sealed);

  for (let writes = 0; ; writes += 1) {
    const opened = await openKeeper({ signer: whole.keeper.signer });
    await fill(opened);
    let left = writes;
    const dying: ObjectStore = {
      ...opened.keeper.sealed,
      create: async (key, bytes) => {
        if (left === 0) throw new Error('Killed.');
        left -= 1;
        return opened.keeper.sealed.create(key, bytes);
      },
    };
    const died = await opened.seal(160, { sealed: dying }).then(
      () => false,
      () => true,
    );
    await opened.seal(160);
    expect(await filesOf(opened.folders.sealed)).toEqual(expected);
    if (!died) return;
  }
});

test('a run that has no time left goes on in the next one', async () => {
  const opened = await openKeeper();
  await opened.append(
    5,
    Array.from({ length: 9 }, (_, number) => verdict(number, at(5))),
  );
  let runs = 0;
  for (; runs < 20; runs += 1) {
    let parts = 0;
    const { unfinished } = await opened.seal(80, { mayGoOn: () => (parts += 1) <= 2 });
    if (unfinished === undefined) break;
  }
  expect(runs).toBeGreaterThan(1);
  expect(await sealedIds(opened)).toHaveLength(9);
  expect((await opened.verify(1)).problem).toBeUndefined();
});

test('eight keepers at once seal each event once', async () => {
  const opened = await openKeeper();
  for (const minutes of [5, 10, 65])
    await opened.append(
      minutes,
      [0, 1, 2].map((number) => verdict(minutes * 10 + number, at(minutes))),
    );
  const { checkpoints, ...alone } = opened.keeper;
  await Promise.all(Array.from({ length: 8 }, () => opened.seal(140, { ...alone, checkpoints })));
  expect(await sealedIds(opened)).toHaveLength(9);
  expect((await opened.verify(2)).problem).toBeUndefined();
});

test('of a hundred writers with clocks apart, some of which repeat, nothing is lost and nothing is twice', async () => {
  const opened = await openKeeper();
  const written = new Set<string>();
  const write = async (writer: number) => {
    // Up to 50 minutes behind or ahead of the keeper's clock, across three hours.
    const minutes = 70 + ((writer * 37) % 100) - 50;
    const ledger = folderLedger(opened.folders.intake, () => at(minutes));
    for (let batch = 0; batch < 5; batch += 1) {
      const events = [0, 1, 2, 3].map((number) => verdict(writer * 100 + batch * 10 + number, at(minutes)));
      for (const { id } of events) written.add(id);
      await ledger.append(events);
      if (writer % 7 === 0)
        await folderLedger(opened.folders.intake, () => at(minutes + 60)).append(events.slice(1));
    }
  };
  const sealing = async () => {
    for (const minutes of [80, 140, 140, 200]) await opened.seal(minutes);
  };
  await Promise.all([sealing(), ...Array.from({ length: 100 }, (_, writer) => write(writer)), sealing()]);
  await opened.seal(400);
  const ids = await sealedIds(opened);
  expect(ids).toHaveLength(2000);
  expect(new Set(ids)).toEqual(written);
  expect((await opened.verify(6)).problem).toBeUndefined();
});

test('a part that the keeper did not write is not signed', async () => {
  const opened = await openKeeper();
  await opened.append(5, [verdict(1, at(5))]);
  const whole = await openKeeper();
  await whole.append(5, [verdict(1, at(6))]);
  await whole.seal(80);
  const [key = ''] =
    (await createManifestReader(whole.keeper.sealed)(FIRST))?.parts.map((part) => part.key) ?? [];
  await opened.keeper.sealed.create(key, (await whole.keeper.sealed.read(key, 2 ** 20)) ?? Buffer.alloc(0));
  await expect(opened.seal(80)).rejects.toMatchObject({ kind: 'permanent', code: 'foreign-object' });
});

test('without its key the keeper seals nothing, and goes on when it is back', async () => {
  const opened = await openKeeper();
  await opened.append(5, [verdict(1, at(5))]);
  const { signer } = opened.keeper;
  const locked = { ...signer, sign: () => Promise.reject(new Error('The key is disabled.')) };
  await expect(opened.seal(80, { signer: locked })).rejects.toThrow('The key is disabled.');
  expect(await sealedPeriods(opened.keeper.sealed, FIRST, hourAfter(24))).toEqual([]);
  await opened.seal(80);
  expect((await opened.verify(1)).problem).toBeUndefined();
});

test('a key is replaced by a head that both keys sign; either fingerprint then proves the signer', async () => {
  const day = await sealedDay();
  const next = localSigner(newPrivateKey());
  await expect(day.seal(500, { signer: next })).rejects.toMatchObject({ code: 'foreign-key' });
  await day.seal(500, { signer: next, formerSigner: day.keeper.signer });
  await day.seal(600, { signer: next });
  for (const fingerprint of [day.fingerprint, next.publicKey.fingerprint])
    expect(await day.verify(9, { fingerprint })).toMatchObject({ signer: 'proven', periods: 9 });
  // The head that both signed is the first one of the question.
  const fromThere = { from: hourAfter(6), until: hourAfter(9), fingerprint: day.fingerprint };
  const verified = await verify(day.keeper.sealed, fromThere);
  expect(verified).toMatchObject({ signer: 'proven', periods: 3 });
  expect(verified.problem).toBeUndefined();
  await rm(join(day.folders.sealed, `heads/dt=2026-11-29/hour=16.${day.fingerprint.slice(0, 16)}.sig`));
  expect((await day.verify(9)).problem?.what).toBe(`It is not signed by ${day.fingerprint}.`);
});

/** Where an append of one event lies in the intake. */
const fileOfAppend = async ({ folders, append }: Opened, minutes: number, event: AuditEvent) => {
  const before = await filesOf(folders.intake);
  await append(minutes, [event]);
  const added = Object.keys(await filesOf(folders.intake)).find((file) => !(file in before));
  return join(folders.intake, added ?? '');
};

test('an event below the key of another account or class is not sealed a second time, and is named', async () => {
  const opened = await openKeeper();
  const file = await fileOfAppend(opened, 5, verdict(1, at(5)));
  const other = await fileOfAppend(opened, 5, verdict(2, at(5)));
  const action = await fileOfAppend(opened, 5, decision(1, at(5)));
  for (const folder of [dirname(other), dirname(action)]) await copyFile(file, join(folder, 'copy.ndjson'));
  await opened.seal(80);
  expect(await sealedIds(opened)).toHaveLength(3);
  const manifest = await createManifestReader(opened.keeper.sealed)(FIRST);
  expect(manifest?.unreadable.count).toBe(2);
  expect(manifest?.unreadable.first[0]).toMatch(
    /copy\.ndjson, line 1: It is an audit event of another class or account\. SHA-256 [0-9a-f]{64}\.$/,
  );
  expect((await opened.verify(1)).problem).toBeUndefined();
});

test('events of two accounts with one id are two, in one shard and in two', async () => {
  const opened = await openKeeper();
  const event = verdict(1, at(5));
  const accounts = [event.accountId, accountInShard(shardOf(event)), verdict(2, at(5)).accountId];
  const events = accounts.map((accountId) => ({ ...event, accountId }));
  await opened.append(5, events);
  await opened.append(65, events);
  await opened.seal(140);
  expect(await sealedIds(opened)).toHaveLength(3);
  expect((await createManifestReader(opened.keeper.sealed)(hourAfter(1)))?.duplicates).toBe(3);
  expect((await opened.verify(2)).problem).toBeUndefined();
});

test('an event of a later release that is in both classes is sealed once in each', async () => {
  const opened = await openKeeper();
  const later = JSON.stringify({ ...verdict(1, at(5)), type: 'of-a-later-release', id: 'later' });
  for (const minutes of [5, 65])
    for (const own of [verdict(1 + minutes * 3, at(minutes)), decision(1 + minutes * 3, at(minutes))]) {
      const file = await fileOfAppend(opened, minutes, own);
      await writeFile(join(dirname(file), 'later.ndjson'), `${later}\n`);
    }
  await opened.seal(140);
  const manifest = await createManifestReader(opened.keeper.sealed)(FIRST);
  expect(manifest?.parts.map(({ class: name, lines }) => [name, lines])).toEqual([
    ['actions', 2],
    ['verdicts', 2],
  ]);
  expect((await createManifestReader(opened.keeper.sealed)(hourAfter(1)))?.duplicates).toBe(2);
  expect(await opened.verify(2)).toMatchObject({ lines: 6, signer: 'proven' });
});

test('ids that differ in half of a surrogate pair are two', async () => {
  const opened = await openKeeper();
  const file = await fileOfAppend(opened, 5, verdict(1, at(5)));
  const lines = ['\\ud800', '\\udc00'].map((half) =>
    JSON.stringify({ ...verdict(1, at(5)), id: 'HALF' }).replace('HALF', half),
  );
  await writeFile(join(dirname(file), 'halves.ndjson'), lines.map((line) => `${line}\n`).join(''));
  await opened.seal(80);
  expect((await opened.verify(1)).lines).toBe(3);
});

test('a line whose time has no zone, or that is no text, is not sealed: elsewhere it would be another one', async () => {
  const opened = await openKeeper();
  const file = await fileOfAppend(opened, 5, verdict(1, at(5)));
  const text = await readFile(file, 'utf8');
  await writeFile(join(dirname(file), 'a.ndjson'), text.replace(/("time":"[^"]*)Z"/, '$1"'));
  const broken = Buffer.from(text.replace('"event-', '"event+').replace('bucket', 'b?cket'));
  broken[broken.indexOf('b?cket') + 1] = 0xff;
  await writeFile(join(dirname(file), 'b.ndjson'), broken);
  await opened.seal(80);
  expect(await sealedIds(opened)).toHaveLength(1);
  expect((await createManifestReader(opened.keeper.sealed)(FIRST))?.unreadable.first).toEqual([
    expect.stringContaining('a.ndjson, line 1: It is not an audit event.') as string,
    expect.stringContaining('b.ndjson, line 1: It is not an audit event.') as string,
  ]);
});

test('an object of the intake that is too long is named and not read', async () => {
  const opened = await openKeeper();
  const file = await fileOfAppend(opened, 5, verdict(1, at(5)));
  await writeFile(join(dirname(file), 'a.ndjson'), '');
  await truncate(join(dirname(file), 'a.ndjson'), 2 ** 31);
  await opened.seal(80);
  expect(await sealedIds(opened)).toHaveLength(1);
  expect((await createManifestReader(opened.keeper.sealed)(FIRST))?.unreadable).toMatchObject({
    count: 1,
    first: [expect.stringContaining('It has more than 67108864 bytes') as string],
  });
});

test('checkpoints that have expired in part change nothing of what an hour is sealed as', async () => {
  const opened = await openKeeper();
  await opened.append(5, [verdict(1, at(5))]);
  await opened.seal(80);
  // What comes late for two hours, and an id that is there already: two units of one shard.
  const again = verdict(4, at(65));
  await opened.append(50, [again]);
  await opened.append(65, [again, verdict(7, at(66))]);
  const rows = memoryTable();
  const checkpoints = tableCheckpoints(rows, () => at(140));
  const { signer } = opened.keeper;
  const broken = { ...signer, sign: () => Promise.reject(new Error('The key is disabled.')) };
  await expect(opened.seal(140, { checkpoints, signer: broken })).rejects.toThrow('The key is disabled.');
  const [first] = rows.rows();
  expect(rows.rows()).toHaveLength(2);
  await rows.remove(first?.pk ?? '', first?.sk ?? '', 1);
  await opened.seal(140, { checkpoints });
  expect(await sealedIds(opened)).toHaveLength(3);
  expect((await opened.verify(2)).problem).toBeUndefined();
});

test.each([
  'begin.json',
  'taken/dt=2026-11-29/hour=10.json',
  'taken/dt=2026-11-29/hour=10/verdicts-SHARD.txt.gz',
  'class=verdicts/dt=2026-11-29/hour=10/part-SHARD.ndjson.gz',
  'ids/form=2/class=verdicts/shard=SHARD/dt=2026-11-29.bin',
])('a foreign %s in the sealed store is named, and nothing that follows from it is signed', async (key) => {
  const opened = await openKeeper();
  const event = verdict(1, at(5));
  await opened.append(5, [event]);
  await opened.append(24 * 60 + 5, [verdict(4, at(24 * 60 + 5))]);
  const place = key.replace('SHARD', shardOf(event));
  await opened.keeper.sealed.create(place, Buffer.from('Mine.'));
  await expect(opened.seal(25 * 60 + 20)).rejects.toMatchObject({
    kind: 'permanent',
    code: 'foreign-object',
    message: `${join(opened.folders.sealed, place)} cannot be read. The keeper did not write it: find out who did.`,
  });
});

test('what a reader is given instead of a part is bounded, and named', async () => {
  const opened = await openKeeper();
  await opened.append(5, [verdict(1, at(5))]);
  await opened.seal(80);
  const [part] = (await createManifestReader(opened.keeper.sealed)(FIRST))?.parts ?? [];
  const path = join(opened.folders.sealed, part?.key ?? '');
  const original = gunzipSync(await readFile(path));
  const mine = [
    gzip(Buffer.alloc(2 ** 20)),
    Buffer.concat([gzip(original), gzip(Buffer.from('{}\n'))]),
    Buffer.from('Mine.'),
  ];
  for (const content of mine) {
    await writeFile(path, content);
    await expect(sealedIds(opened)).rejects.toThrow(
      `${path}: Its lines are not those of its manifest. Run 'compliance ledger verify'.`,
    );
  }
  await truncate(path, 2 ** 30);
  await expect(sealedIds(opened)).rejects.toThrow(BrokenSealError);
  await expect(sealedIds(opened)).rejects.toThrow(/It has more than \d+ bytes: .*\.ndjson\.gz\./);
});

test('a list of keys that an overtaken keeper left is not foreign; any other object there is', async () => {
  const day = await sealedDay();
  const folder = join(day.folders.sealed, `taken/dt=${FIRST.slice(0, 10)}/hour=10`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'verdicts-3f.txt.gz'), gzip(Buffer.from('')));
  expect((await day.verify(6)).problem).toBeUndefined();
  await writeFile(join(folder, 'verdicts-fe.txt'), '');
  expect((await day.verify(6)).problem).toMatchObject({ what: 'It is foreign: no manifest names it.' });
});
