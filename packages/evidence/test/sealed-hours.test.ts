import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

import { describe, expect, test } from 'vitest';

import { BrokenSealError, openSealedHours } from '../src/index.ts';
import { at, eventsIn, FIRST, hourAfter, openKeeper, sealedDay, verdict } from './organization.ts';

const HOUR_11 = 'dt=2026-11-29/hour=11';

const partsOf = async (folder: string, hour: string): Promise<readonly string[]> => {
  const manifest = await readFile(join(folder, `manifests/${hour}.json`), 'utf8');
  return [...manifest.matchAll(/"key":"(class=[^"]+)"/g)].map(([, key = '']) => key);
};

describe('sealed hours are verified while they are read', () => {
  test('they have the events of every hour, and say which keys signed and what was read last', async () => {
    const { keeper, fingerprint } = await sealedDay();
    const { events, hours } = await eventsIn(keeper.sealed, FIRST, hourAfter(6));
    expect(events).toHaveLength(60);
    expect(hours).toMatchObject({ end: hourAfter(6), missing: [] });
    expect(hours?.keys()).toEqual([fingerprint]);
    expect(hours?.last()).toMatchObject({ period: hourAfter(5), number: 5 });
  });

  test('only what follows the head that was read before is read, and it has to follow it', async () => {
    const { keeper } = await sealedDay();
    const first = (await eventsIn(keeper.sealed, FIRST, hourAfter(2))).hours?.last();
    const rest = await openSealedHours(keeper.sealed, { from: FIRST, after: first });
    expect(rest?.periods).toEqual([2, 3, 4, 5].map(hourAfter));
    expect(await Array.fromAsync(rest?.events() ?? [])).toHaveLength(36);
    const other = first && { ...first, sha256: '0'.repeat(64) };
    const replaced = await openSealedHours(keeper.sealed, { from: FIRST, after: other });
    await expect(Array.fromAsync(replaced?.events() ?? [])).rejects.toThrow(
      'hour=12.json: It does not follow the head before: one of both was replaced.',
    );
  });

  test('a part with other lines is refused by name', async () => {
    const { keeper, folders } = await sealedDay();
    const [part = ''] = await partsOf(folders.sealed, HOUR_11);
    const path = join(folders.sealed, part);
    for (const [bytes, problem] of [
      [gzipSync(`${JSON.stringify(verdict(1, at(65)))}\n`), 'Its lines are not those of its manifest.'],
      [Buffer.from('no gzip'), 'Its lines are not those of its manifest.'],
    ] as const) {
      await writeFile(path, bytes);
      const reading = eventsIn(keeper.sealed, FIRST, hourAfter(6));
      await expect(reading).rejects.toThrow(BrokenSealError);
      await expect(reading).rejects.toThrow(path);
      await expect(reading).rejects.toThrow(problem);
    }
    await rm(path);
    const reading = eventsIn(keeper.sealed, FIRST, hourAfter(6));
    await expect(reading).rejects.toThrow(BrokenSealError);
    await expect(reading).rejects.toThrow(`${path}: It is missing, or archived.`);
  });

  test('a manifest or a head that was altered is refused by name', async () => {
    const { keeper, folders } = await sealedDay();
    const manifest = join(folders.sealed, `manifests/${HOUR_11}.json`);
    const before = await readFile(manifest, 'utf8');
    await writeFile(manifest, before.replace('"duplicates":0', '"duplicates":1'));
    await expect(eventsIn(keeper.sealed, FIRST, hourAfter(6))).rejects.toThrow(
      `${manifest}: It was altered: it is not the manifest that was signed.`,
    );
    await writeFile(manifest, before);
    const head = join(folders.sealed, `heads/${HOUR_11}.json`);
    await writeFile(head, (await readFile(head, 'utf8')).replace('"lines":12', '"lines":13'));
    await expect(eventsIn(keeper.sealed, FIRST, hourAfter(6))).rejects.toThrow(
      `${head}: It was altered: the signature by`,
    );
  });

  test('hours without a head are told as missing, and the others are read', async () => {
    const { keeper, folders } = await sealedDay();
    for (const hour of ['11', '12']) await rm(join(folders.sealed, `heads/dt=2026-11-29/hour=${hour}.json`));
    const { events, hours } = await eventsIn(keeper.sealed, FIRST, hourAfter(6));
    expect(hours?.missing).toEqual([{ from: hourAfter(1), to: hourAfter(3) }]);
    expect(events).toHaveLength(36);
  });

  test('what S3 or the disk refuses to read is no broken seal', async () => {
    const { keeper } = await sealedDay();
    const refused = Object.assign(new Error('Access Denied'), { $metadata: {} });
    const store = { ...keeper.sealed, read: async () => Promise.reject(refused) };
    await expect(eventsIn(store, FIRST, hourAfter(6))).rejects.toBe(refused);
  });
});

test('where nothing is sealed there are no hours', async () => {
  const { keeper } = await openKeeper();
  await expect(openSealedHours(keeper.sealed, { from: FIRST })).resolves.toBeUndefined();
});
