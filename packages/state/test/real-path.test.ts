import { readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import { BrokenSealError } from '@compliance/evidence';
import { describe, expect, test } from 'vitest';

import { readLines } from '../src/base/lines.ts';
import { buildState, eventsSince, readManifest, writeDashboard } from '../src/index.ts';
import { accountLeft, evaluated } from './events.ts';
import { openOrganization } from './open-organization.ts';
import { rowsIn } from './rows-in.ts';

type Organization = Awaited<ReturnType<typeof openOrganization>>;

/** One bucket in each state. */
const fill = ({ buckets, world }: Organization): void => {
  for (const [name, status] of [
    ['fine', 'Enabled'],
    ['off', 'Off'],
    ['landing-logs', 'Off'],
    ['accepted', 'Off'],
    ['secret', 'Off'],
  ] as const)
    buckets.set(name, status);
  world.exempt = ['accepted'];
  world.unreadable.add('secret');
};

const filesIn = async (folder: string) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const names = entries.filter((one) => one.isFile()).map(({ parentPath, name }) => join(parentPath, name));
  return Object.fromEntries(
    await Promise.all(
      names
        .toSorted()
        .map(async (name) => [name.slice(folder.length), await readFile(name, 'base64')] as const),
    ),
  );
};

describe('what the evaluate function published, sealed by the keeper', () => {
  test('its counts are those of each sweep: found, fixed, vanished, created, an exemption that ends', async () => {
    const organization = await openOrganization();
    const { buckets, world, sweep, seal, build } = organization;
    fill(organization);
    await sweep('08:10');
    await seal('09:30');
    const first = await build();
    expect(first.source.sealed).toEqual({ periods: 1, until: new Date('2026-11-20T09:00:00Z') });
    expect(first.manifest).toMatchObject({
      totals: { c: 1, v: 1, x: 1, e: 1, u: 1 },
      differences: { count: 0, swept: 1 },
    });

    buckets.set('off', 'Enabled');
    buckets.set('new', 'Off');
    buckets.delete('fine');
    world.exempt = [];
    world.unreadable.clear();
    await sweep('10:10');
    await seal('11:30');
    const second = await build();
    expect(second.source.sealed).toEqual({ periods: 2, until: new Date('2026-11-20T11:00:00Z') });
    expect(second.manifest).toMatchObject({
      totals: { c: 1, v: 3, x: 0, e: 1, u: 0 },
      differences: { count: 0, swept: 1 },
      remediated: [{ count: 1, sumMs: 2 * 3_600_000 }],
      sealed: {
        last: { period: '2026-11-20T10', number: 2 },
        keys: [organization.fingerprint],
        missingHours: 0,
      },
    });
    const lines = await Array.fromAsync(
      readLines(join(organization.folders.state, second.manifest.folder), second.manifest.rows),
    );
    expect(rowsIn(lines.flat()).map(({ resource, state }) => [resource, state])).toEqual([
      ['accepted', 'v'],
      ['landing-logs', 'e'],
      ['new', 'v'],
      ['off', 'c'],
      ['secret', 'v'],
    ]);
  });

  test('a verdict that did not reach the ledger is a difference that is listed', async () => {
    const organization = await openOrganization();
    const { folders, sweep, seal, build } = organization;
    fill(organization);
    await sweep('08:10');
    const files = await readdir(folders.intake, { recursive: true });
    const verdicts = files
      .filter((name) => name.endsWith('.ndjson'))
      .map((name) => join(folders.intake, name));
    for (const path of verdicts) {
      const lines = (await readFile(path, 'utf8')).split('\n');
      await writeFile(path, lines.filter((line) => !line.includes('"resourceId":"off"')).join('\n'));
    }
    await seal('09:30');
    const { manifest } = await build();
    expect(manifest.differences).toMatchObject({
      count: 1,
      swept: 1,
      first: [{ rule: 'EXAMPLE_KEEP_VERSIONS', sweep: [1, 1, 1, 1, 1], state: [1, 0, 1, 1, 1] }],
    });
  });

  test('the intake alone makes the same state, byte for byte', async () => {
    const organization = await openOrganization();
    const { sweep, seal, build, ledger, keeper, temporaryFolder } = organization;
    fill(organization);
    await sweep('08:10');
    organization.buckets.set('off', 'Enabled');
    await sweep('09:10');
    await seal('10:20');
    organization.world.now = new Date('2026-11-20T10:00:00Z');
    const [fromSealed, fromIntake] = [await temporaryFolder(), await temporaryFolder()];
    const { until } = await build({ sealed: keeper.sealed }, fromSealed);
    expect(until).toEqual(new Date('2026-11-20T10:00:00Z'));
    await build({ intake: ledger }, fromIntake);
    const [{ '/snapshot.json': _, ...sealedFiles }, { '/snapshot.json': __, ...intakeFiles }] = [
      await filesIn(fromSealed),
      await filesIn(fromIntake),
    ];
    expect(Object.keys(sealedFiles)).not.toEqual([]);
    expect(sealedFiles).toEqual(intakeFiles);
  });

  test('what is not sealed yet is read from the intake, and once it is sealed it counts once', async () => {
    const organization = await openOrganization();
    const { buckets, sweep, seal, build, world } = organization;
    fill(organization);
    await sweep('08:10');
    await seal('09:30');
    buckets.set('off', 'Enabled');
    await sweep('09:40');
    world.now = new Date('2026-11-20T09:50:00Z');
    const early = await build();
    expect(early.source).toEqual({
      sealed: { periods: 1, until: new Date('2026-11-20T09:00:00Z') },
      intakeSince: new Date('2026-11-20T09:00:00Z'),
    });
    expect(early.manifest).toMatchObject({ totals: { c: 2, v: 0 }, differences: { count: 0 } });
    await seal('10:30');
    const late = await build();
    expect(late.manifest.totals).toEqual(early.manifest.totals);
    expect(late.manifest.remediated).toEqual(early.manifest.remediated);
    expect(late.manifest.sealed?.last.period).toBe('2026-11-20T09');
  });

  test('an event from the future hides nothing, sealed or not, and is named', async () => {
    const organization = await openOrganization();
    const { sweep, seal, build, ledger, keeper, temporaryFolder, world } = organization;
    fill(organization);
    await sweep('08:10');
    await ledger.append([
      accountLeft('2999-01-01T00:00:00Z'),
      evaluated('off', 'COMPLIANT', '2999-01-01T00:00:00Z', { command: 'EXAMPLE_KEEP_VERSIONS' }),
    ]);
    await sweep('09:10');
    await seal('10:20');
    world.now = new Date('2026-11-20T10:00:00Z');
    const skipped: string[] = [];
    const since = await eventsSince(
      undefined,
      { sealed: keeper.sealed },
      { now: world.now, from: new Date(0), onSkipped: ({ problem }) => void skipped.push(problem) },
    );
    if (!since) throw new Error('There is nothing to read from.');
    const fromSealed = await buildState({ folder: await temporaryFolder(), ...since });
    const fromIntake = await build({ intake: ledger }, await temporaryFolder());
    expect(skipped).toEqual([
      'Its time, 2999-01-01T00:00:00.000Z, is not before that of the state.',
      'Its time, 2999-01-01T00:00:00.000Z, is not before that of the state.',
    ]);
    expect(fromSealed.totals).toEqual(fromIntake.manifest.totals);
    expect(fromSealed.differences).toEqual({ count: 0, swept: 1, first: [] });
  });

  test('a sealed part that was altered is refused by name, and the state before stays', async () => {
    const organization = await openOrganization();
    const { folders, keeper, sweep, seal, build } = organization;
    fill(organization);
    await sweep('08:10');
    await seal('09:30');
    const before = await build();
    await sweep('09:40');
    await seal('10:30');
    const part = (await Array.fromAsync(keeper.sealed.list({ prefix: 'class=verdicts/' }))).at(-1) ?? '';
    await writeFile(join(folders.sealed, part), await readFile(join(folders.sealed, 'begin.json')));
    const building = build();
    await expect(building).rejects.toThrow(BrokenSealError);
    await expect(building).rejects.toThrow(join(folders.sealed, part));
    await expect(readManifest(folders.state)).resolves.toEqual(before.manifest);
  });

  test('sealed hours that are missing are a gap', async () => {
    const organization = await openOrganization();
    const { folders, sweep, seal, build } = organization;
    fill(organization);
    await sweep('08:10');
    await seal('12:30');
    for (const hour of ['09', '10']) await rm(join(folders.sealed, `heads/dt=2026-11-20/hour=${hour}.json`));
    const { manifest } = await build();
    expect(manifest.sealed?.missingHours).toBe(2);
    const out = await organization.temporaryFolder();
    const shown = {
      id: 'o-example',
      name: 'Example',
      rules: [],
      frameworks: [],
      accounts: [],
      exemptions: [],
    };
    const overview = await writeDashboard({
      state: folders.state,
      manifest,
      organization: shown,
      out,
      keyFingerprint: organization.fingerprint,
    });
    expect(overview.evidence).toMatchObject({ verified: 'incomplete', missingHours: 2 });
    expect(overview.gaps.from).toEqual([Date.parse('2026-11-20T09:00:00Z') / 1000]);
    expect(manifest.gaps).toEqual([
      {
        from: Date.parse('2026-11-20T09:00:00Z'),
        to: Date.parse('2026-11-20T11:00:00Z'),
        reason: 'The sealed hours from 2026-11-20T09 to 2026-11-20T10 are missing.',
      },
    ]);
  });
});

test('without a sealed hour and without an intake, there is nothing to build a state from', async () => {
  const { keeper, world } = await openOrganization();
  const options = { now: world.now, from: new Date(0) };
  await expect(eventsSince(undefined, { sealed: keeper.sealed }, options)).resolves.toBeUndefined();
});
