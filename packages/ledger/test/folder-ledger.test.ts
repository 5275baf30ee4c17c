import { AccountId, type AuditEvent } from '@compliance/core';
import fc from 'fast-check';
import { execFileSync } from 'node:child_process';
import { appendFile, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { folderLedger } from '../src/folder-ledger.ts';
import { ledgerPublisher } from '../src/ledger-publisher.ts';
import { createSkipCounter, type Skipped } from '../src/skipped.ts';
import { evaluated, fixed } from './events.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ledger-'));
});
afterEach(() => rm(folder, { recursive: true }));

const readAll = (range = {}): Promise<AuditEvent[]> => Array.fromAsync(folderLedger(folder).read(range));

const filesIn = async () => {
  const names = await readdir(folder, { recursive: true });
  return names.filter((name) => name.endsWith('.ndjson')).toSorted();
};

const first = evaluated('a', 'COMPLIANT', '2026-11-20T10:00:00Z');
const second = evaluated('b', 'NON_COMPLIANT', '2026-11-20T23:59:59.999Z');
const third = evaluated('c', 'COMPLIANT', '2026-11-21T00:00:00Z');

test('an empty ledger has no events', async () => {
  await expect(readAll()).resolves.toEqual([]);
  await expect(Array.fromAsync(folderLedger(join(folder, 'none')).read())).resolves.toEqual([]);
});

test('appended events are read again, in order', async () => {
  const ledger = folderLedger(folder);
  await ledgerPublisher(ledger)([third]);
  for (const event of [first, second]) await ledger.append([event]);
  await expect(readAll()).resolves.toEqual([first, second, third]);
});

test('events that are appended again within the hour are the same file', async () => {
  const ledger = folderLedger(folder, () => new Date('2026-11-20T10:00:00Z'));
  await Promise.all([ledger.append([first]), ledger.append([first]), ledger.append([first])]);
  await expect(readAll()).resolves.toEqual([first]);
  await expect(filesIn()).resolves.toHaveLength(1);
});

test('an event that is appended again later in the day, with others, is read once', async () => {
  const again = { ...first, time: '2026-11-20T11:00:00.000Z' };
  const ledger = folderLedger(folder);
  await ledger.append([first]);
  await ledger.append([again, second]);
  await expect(readAll()).resolves.toEqual([first, second]);
});

test('a ledger where no folder can be made is refused, and does not hang', async () => {
  await expect(folderLedger('/proc/none').append([first])).rejects.toThrow(/ENOENT|EACCES|EROFS|EPERM/);
});

test('events of two accounts with one id are two', async () => {
  const other = { ...second, accountId: AccountId.parse('444455556666') };
  const ledger = folderLedger(folder);
  await ledger.append([second]);
  await ledger.append([other]);
  await expect(readAll()).resolves.toHaveLength(2);
});

test('an event that is appended again after midnight is read once', async () => {
  const again = { ...second, time: '2026-11-21T00:00:04.000Z' };
  const clock = ['2026-11-20T23:59:59.999Z', '2026-11-21T00:00:04Z'].map((time) => new Date(time));
  const ledger = folderLedger(folder, () => clock.shift() ?? new Date(again.time));
  await ledger.append([second]);
  await ledger.append([again]);
  await expect(readAll()).resolves.toEqual([second]);
});

test('an event is stored by its class, the hour in which it arrived and the shard of its account', async () => {
  const now = () => new Date('2026-11-29T14:03:00Z');
  await folderLedger(folder, now).append([second, fixed('change-1', '2026-11-20T10:00:00Z')]);
  await expect(filesIn()).resolves.toEqual([
    expect.stringMatching(
      /^intake\/class=actions\/arrived=2026-11-29T14\/shard=[0-3][0-9a-f]\/20261120T100000000Z-[0-9a-f]{16}\.ndjson$/,
    ),
    expect.stringMatching(
      /^intake\/class=verdicts\/arrived=2026-11-29T14\/shard=[0-3][0-9a-f]\/20261120T235959999Z-[0-9a-f]{16}\.ndjson$/,
    ),
  ]);
});

test('a reader of actions opens no file of verdicts, and reads an action once however late it arrives again', async () => {
  const change = fixed('change-1', '2026-11-20T10:00:00Z');
  for (const arrived of ['2026-11-20T10:00:00Z', '2026-12-11T10:00:00Z'])
    await folderLedger(folder, () => new Date(arrived)).append([change, second]);
  const verdicts = join(folder, 'intake/class=verdicts');
  await rm(verdicts, { recursive: true });
  await writeFile(verdicts, 'Nobody reads this as a folder.');
  await expect(readAll({ only: 'actions' })).resolves.toEqual([change]);
});

test('events of one account that arrived in one hour are read with those of the release before', async () => {
  await mkdir(join(folder, '2026/11/20'), { recursive: true });
  await writeFile(join(folder, '2026/11/20/100000000-x.ndjson'), `${JSON.stringify(first)}\n`);
  await folderLedger(folder).append([second]);
  await expect(readAll()).resolves.toEqual([first, second]);
  await expect(readAll({ from: new Date('2026-11-20T12:00:00Z') })).resolves.toEqual([second]);
});

const storeFormerly = async (file: string, events: readonly AuditEvent[]) => {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), events.map((event) => `${JSON.stringify(event)}\n`).join(''));
};

test('a copy of a bucket that releases before wrote is read like the bucket', async () => {
  await storeFormerly('ledger/2026/11/20/100000000-x.ndjson', [first]);
  await expect(readAll()).resolves.toEqual([first]);
  await expect(readAll({ from: new Date('2026-11-20T12:00:00Z') })).resolves.toEqual([]);
});

test('an event that the release before stored is read once, though this release stores it again', async () => {
  const change = fixed('change-1', '2026-11-20T10:00:00Z');
  await storeFormerly('2026/11/20/100000000-x.ndjson', [first, change]);
  await storeFormerly('ledger/2026/11/20/100000000-x.ndjson', [first, change]);
  await storeFormerly('2026/11/25/100000000-y.ndjson', [change]);
  await folderLedger(folder, () => new Date('2026-11-26T10:00:00Z')).append([change]);
  await expect(readAll()).resolves.toEqual([first, change]);
  await folderLedger(folder, () => new Date('2026-11-20T23:00:00Z')).append([first]);
  await rm(join(folder, '2026/11/25'), { recursive: true });
  await expect(readAll()).resolves.toEqual([first, change]);
});

test('a range is read from its start and before its end', () =>
  fc.assert(
    fc.asyncProperty(
      fc.array(fc.date({ min: new Date('2026-10-30'), max: new Date('2026-12-02'), noInvalidDate: true }), {
        maxLength: 12,
      }),
      fc.date({ min: new Date('2026-10-30'), max: new Date('2026-12-02'), noInvalidDate: true }),
      fc.date({ min: new Date('2026-10-30'), max: new Date('2026-12-02'), noInvalidDate: true }),
      async (times, from, to) => {
        await rm(folder, { recursive: true, force: true });
        await mkdir(folder);
        const events = times.map((time, index) => evaluated(`r${index}`, 'COMPLIANT', time.toISOString()));
        for (const event of events) await folderLedger(folder, () => new Date(event.time)).append([event]);
        const within = events.filter(({ time }) => new Date(time) >= from && new Date(time) < to);
        const read = await readAll({ from, to });
        expect(new Set(read.map(({ id }) => id))).toEqual(new Set(within.map(({ id }) => id)));
      },
    ),
    { numRuns: 40 },
  ));

test('a sweep that was stored without counts of exempt and excluded resources is read as it is', async () => {
  const counts = {
    resources: 1,
    compliant: 0,
    nonCompliant: 1,
    notApplicable: 0,
    failed: 0,
    sent: 1,
    vanished: 0,
  };
  const older = { ...first, type: 'sweep-completed', counts };
  await mkdir(join(folder, '2026/11/20'), { recursive: true });
  await writeFile(join(folder, '2026/11/20/older.ndjson'), `${JSON.stringify(older)}\n`);
  await expect(readAll()).resolves.toMatchObject([{ type: 'sweep-completed', counts }]);
});

describe('what is no event of this release', () => {
  const fileOf = async () => {
    await folderLedger(folder).append([first, second]);
    const [name = ''] = await filesIn();
    return join(folder, name);
  };
  const readSkipping = async (range = {}) => {
    const skipped: Skipped[] = [];
    const onSkipped = (one: Skipped) => void skipped.push(one);
    return { events: await readAll({ ...range, onSkipped }), skipped };
  };

  test('a line that is malformed is left out with its file and line, and all others are read', async () => {
    const file = await fileOf();
    const lines = ['{"type":', JSON.stringify(third), '{"type":"event-ignored"}', '\u0000\u00ff'];
    await appendFile(file, `${lines.join('\n')}\n`);
    await expect(readSkipping()).resolves.toEqual({
      events: [first, second, third],
      skipped: [
        { place: `${file}, line 3`, problem: 'It is not JSON.', object: expect.any(String), isLater: false },
        {
          place: `${file}, line 5`,
          problem: expect.stringContaining('It is not an audit event: '),
          object: file,
          isLater: false,
        },
        { place: `${file}, line 6`, problem: 'It is not JSON.', object: expect.any(String), isLater: false },
      ],
    });
  });

  test('a foreign object is left out by its name, and all others are read', async () => {
    await fileOf();
    const foreign = [
      'intake/class=verdicts/notes.txt',
      'intake/class=verdicts/arrived=soon/x.ndjson',
      '2026/x',
    ];
    for (const name of foreign) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), 'Mine.');
    }
    const { events, skipped } = await readSkipping();
    expect(events).toEqual([first, second]);
    expect(new Set(skipped.map(({ place }) => place))).toEqual(
      new Set(foreign.map((name) => join(folder, name))),
    );
  });

  const HOUR = 'intake/class=verdicts/arrived=2026-11-20T10/shard=00';

  test.each([
    [
      'JSON of thousands of levels',
      (path: string) => writeFile(path, `${`{"a":`.repeat(5000)}1${'}'.repeat(5000)}\n`),
      /^It is not an audit event: /,
    ],
    ['a link to itself', (path: string) => symlink(path, path), /^It cannot be read: ELOOP/],
    ['a link to a folder', (path: string) => symlink(dirname(path), path), /^It is no file\.$/],
    ['a pipe', (path: string) => void execFileSync('mkfifo', [path]), /^It is no file\.$/],
    [
      'a line with thousands of mistakes',
      (path: string) => {
        const strings = Array.from({ length: 50_000 }, () => 1);
        return writeFile(path, JSON.stringify({ type: 'plan-created', plan: { steps: strings } }));
      },
      /^It is not an audit event: .{300}\.\.\.$/,
    ],
  ])('%s is left out by its name, and all others are read', async (_, make, problem) => {
    await fileOf();
    await mkdir(join(folder, HOUR), { recursive: true });
    const path = join(folder, HOUR, 'odd.ndjson');
    await make(path);
    const { events, skipped } = await readSkipping();
    expect(events).toEqual([first, second]);
    expect(skipped).toEqual([
      {
        place: expect.stringMatching(/odd\.ndjson(, line 1)?$/),
        problem: expect.stringMatching(problem),
        object: path,
        isLater: false,
      },
    ]);
  });

  test('a file in the place of a folder is left out by its name', async () => {
    await writeFile(join(folder, 'intake'), 'Mine.');
    const { events, skipped } = await readSkipping();
    expect(events).toEqual([]);
    expect(skipped.length).toBeGreaterThan(0);
    for (const { problem } of skipped) expect(problem).toMatch(/^It cannot be listed: ENOTDIR/);
  });

  test('a line that ends with a carriage return is read, and an empty one is none', async () => {
    const file = await fileOf();
    await appendFile(file, `${JSON.stringify(third)}\r\n\r\n`);
    await expect(readSkipping()).resolves.toEqual({ events: [first, second, third], skipped: [] });
  });

  test('the draft of a process that writes, or died, is not mentioned', async () => {
    await writeFile(`${await fileOf()}.6e0f1c52-9d0b-4b53-8a6e-2f7c1f0d9b11.draft`, '{"type":');
    await expect(readSkipping()).resolves.toEqual({ events: [first, second], skipped: [] });
  });

  test('an event of a later schema is counted with its file and line, stays, and does not end the read', async () => {
    const file = await fileOf();
    await writeFile(
      file,
      `${JSON.stringify({ type: 'moon-landed', schemaVersion: 3 })}\n${JSON.stringify(first)}\n`,
    );
    await expect(readSkipping()).resolves.toEqual({
      events: [first],
      skipped: [
        {
          place: `${file}, line 1`,
          problem: 'A later release wrote it, with schema 3.',
          object: expect.any(String),
          isLater: true,
        },
      ],
    });
  });

  test('a counter of what is left out keeps the first lines of each object, and as many objects as a person reads', () => {
    const { counts, first: kept, onSkipped } = createSkipCounter();
    for (let object = 1; object <= 100; object += 1)
      for (let line = 1; line <= 1000; line += 1)
        onSkipped({
          place: `object ${object}, line ${line}`,
          object: `object ${object}`,
          problem: 'It is not JSON.',
          isLater: line % 2 === 0,
        });
    expect(counts).toEqual({ malformed: 50_000, later: 50_000 });
    expect(kept.map(({ place }) => place)).toEqual(
      Array.from({ length: 10 }, (_, index) =>
        [1, 3].map((line) => `object ${index + 1}, line ${line}`),
      ).flat(),
    );
  });
});
