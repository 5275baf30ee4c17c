import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, truncate, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';

import { AccountId, auditEvent } from '@compliance/core';
import { parseAccount, parseOverview, restore, type Transposed } from '@compliance/dashboard-data';
import { folderStore } from '@compliance/evidence';
import { folderLedger } from '@compliance/ledger';
import { buildDailyState } from '@compliance/state/daily';
import { describe, expect, test } from 'vitest';

import { runCli } from './run-cli.ts';
import { seal } from './seal.ts';
import { temporaryFolder } from './temporary-folder.ts';

const SETTINGS = JSON.stringify({
  organization: {
    id: 'o-exampleorg1',
    masterAccountId: '999988887777',
    externalId: 'not-a-secret',
    homeRegion: 'eu-west-1',
    regions: ['eu-west-1'],
  },
  accounts: [{ id: '111122223333', name: 'production', ou: 'Root/Workloads' }],
  rules: { S3_DENY_HTTP_REQUESTS: { mode: 'off' } },
});

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

const about = (command: string, accountId = '111122223333') => ({
  command,
  accountId: AccountId.parse(accountId),
  region: 'eu-west-1',
  resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
});

const verdict = (
  subject: ReturnType<typeof about>,
  complianceType: 'COMPLIANT' | 'NON_COMPLIANT',
  time: Date,
) =>
  auditEvent(
    {
      type: 'resource-evaluated',
      ...subject,
      trigger: 'change',
      complianceType,
      orderingTime: time.toISOString(),
    },
    time,
    time,
  );

const swept = (compliant: number, time: Date) => {
  const { resource: _resource, ...place } = about('S3_ENABLE_VERSIONING');
  return auditEvent(
    {
      type: 'sweep-completed',
      ...place,
      orderingTime: time.toISOString(),
      counts: {
        resources: compliant,
        compliant,
        nonCompliant: 0,
        notApplicable: 0,
        failed: 0,
        sent: 0,
        vanished: 0,
      },
    },
    time,
    time,
  );
};

const build = (cwd: string, ...flags: readonly string[]) =>
  runCli(['state', 'build', '--ledger', 'ledger', '--out', 'data', ...flags], { cwd });

test('state build writes the data of the dashboard, and brings it up to date', async () => {
  const cwd = await temporaryFolder({ 'compliance.yaml': SETTINGS });
  const ledger = folderLedger(join(cwd, 'ledger'));
  const [found, fixed] = [minutesAgo(9), minutesAgo(5)];
  await ledger.append([
    verdict(about('S3_ENABLE_VERSIONING'), 'NON_COMPLIANT', found),
    verdict(about('S3_DENY_HTTP_REQUESTS'), 'NON_COMPLIANT', minutesAgo(9)),
    verdict(about('S3_ENABLE_VERSIONING', '444455556666'), 'NON_COMPLIANT', minutesAgo(9)),
  ]);
  const first = await build(cwd);
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout).toContain(': 0 compliant, 1 violating, 0 exempt, 0 excluded, 0 unknown.\nScore: 0 %');

  await ledger.append([verdict(about('S3_ENABLE_VERSIONING'), 'COMPLIANT', fixed), swept(1, minutesAgo(4))]);
  const second = await build(cwd, '--json');
  expect(JSON.parse(second.stdout)).toMatchObject({
    counts: { compliant: 1, violating: 0 },
    score: 100,
    differences: 0,
  });
  const overview = parseOverview(await readFile(join(cwd, 'data/overview.json'), 'utf8'));
  expect(overview).toMatchObject({
    organization: { id: 'o-exampleorg1' },
    units: ['Root/Workloads'],
    timeToRemediate: { count: 1, mean: 240 },
  });
  const { violating } = overview.trend.counts;
  expect([violating[0], violating.at(-1)]).toEqual([1, 0]);
  expect(overview.frameworks[0]?.requirements.some(({ rules }) => rules.length > 0)).toBe(true);

  const shown = await runCli(['state', 'show', 'data'], { cwd });
  expect(shown).toMatchObject({ code: 0 });
  expect(shown.stdout).toContain('1 sweeps (a rule in an account and Region) counted the same.');
});

test('state show lists where a sweep counted other resources, and exits with 1', async () => {
  const cwd = await temporaryFolder();
  await folderLedger(join(cwd, 'ledger')).append([
    verdict(about('S3_ENABLE_VERSIONING'), 'COMPLIANT', minutesAgo(9)),
    swept(3, minutesAgo(8)),
  ]);
  await build(cwd);
  const { code, stdout } = await runCli(['state', 'show', 'data'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/sweep +3 +- +- +- +0/);
  expect(stdout).toMatch(/state +1 +0 +0 +0 +0/);
});

test('state show of a folder without a state says that the population is not known, and exits with 2', async () => {
  const cwd = await temporaryFolder();
  await expect(runCli(['state', 'show', 'data'], { cwd })).resolves.toMatchObject({
    code: 2,
    stderr:
      'error: No state in data, so the population is not known. `compliance state build --out data` makes one.\n',
  });
});

describe('state build from sealed hours', () => {
  const found = verdict(about('S3_ENABLE_VERSIONING'), 'NON_COMPLIANT', new Date('2026-11-29T10:20:00Z'));
  const pinned = (keyFingerprint: string) =>
    JSON.stringify({ ...(JSON.parse(SETTINGS) as object), ledger: { keyFingerprint } });

  test('it needs nothing else, ends with them, and says what it read and whose key signed it', async () => {
    const { sealed, fingerprint } = await seal([found]);
    const cwd = await temporaryFolder({ 'compliance.yaml': pinned(fingerprint) });
    const { code, stdout, stderr } = await runCli(['state', 'build', '--sealed', sealed, '--out', 'data'], {
      cwd,
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Read 2 sealed hours until 2026-11-29T12:00:00.000Z.
Seal: verified.
As of 2026-11-29T12:00:00.000Z: 0 compliant, 1 violating`);
    const overview = parseOverview(await readFile(join(cwd, 'data/overview.json'), 'utf8'));
    expect(overview.evidence).toMatchObject({
      until: Date.parse('2026-11-29T12:00:00Z') / 1000,
      verified: 'verified',
      missingHours: 0,
    });
  });

  test('later hours are read from the intake', async () => {
    const { sealed, intake } = await seal([found]);
    await folderLedger(intake).append([verdict(about('S3_ENABLE_VERSIONING'), 'COMPLIANT', minutesAgo(1))]);
    const cwd = await temporaryFolder({ 'compliance.yaml': SETTINGS });
    const { code, stdout } = await runCli(
      ['state', 'build', '--sealed', sealed, '--ledger', intake, '--out', 'data', '--json'],
      { cwd },
    );
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      source: { sealed: { periods: 2 }, intakeSince: '2026-11-29T12:00:00.000Z' },
      evidence: { verified: 'signer-not-proven' },
      counts: { compliant: 1, violating: 0 },
    });
  });

  test('another key than the settings pin is told, with exit code 1', async () => {
    const { sealed } = await seal([found]);
    const cwd = await temporaryFolder({ 'compliance.yaml': pinned('0'.repeat(64)) });
    const { code, stdout } = await runCli(['state', 'build', '--sealed', sealed, '--out', 'data'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('Seal: SIGNED BY ANOTHER KEY');
  });

  test('a part that was altered is named, nothing is built, and the exit code is 1', async () => {
    const { sealed } = await seal([found]);
    const files = await readdir(sealed, { recursive: true });
    const part = join(
      sealed,
      files.find((name) => name.startsWith('class=verdicts') && name.endsWith('.gz')) ?? '',
    );
    await writeFile(part, gzipSync('{}\n'));
    const cwd = await temporaryFolder();
    const { code, stdout, stderr } = await runCli(['state', 'build', '--sealed', sealed, '--out', 'data'], {
      cwd,
    });
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toBe(
      `error: ${part}: Its lines are not those of its manifest. Run 'compliance ledger verify'.\n`,
    );
  });

  test('--rebuild does not go on over a state', async () => {
    const { sealed } = await seal([found]);
    const cwd = await temporaryFolder();
    const rebuild = () =>
      runCli(['state', 'build', '--sealed', sealed, '--out', 'data', '--rebuild'], { cwd });
    expect(await rebuild()).toMatchObject({ code: 0 });
    expect(await rebuild()).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Name an empty folder'),
    });
  });

  test("a first build begins with the keeper's state of the last day; where it is broken, it says what to do", async () => {
    const { sealed } = await seal([found], '2026-11-30T00:20:00Z');
    await buildDailyState(folderStore(sealed), '2026-11-29T23');
    const cwd = await temporaryFolder();
    const begin = (...more: readonly string[]) =>
      runCli(['state', 'build', '--sealed', sealed, ...more], { cwd });
    const whole = await begin('--out', 'whole');
    expect(whole).toMatchObject({
      code: 0,
      stdout: expect.stringContaining("Began with the keeper's state of 2026-11-29, which is not signed"),
      stderr: '',
    });
    const files = await readdir(join(sealed, 'state'), { recursive: true });
    const rows = join(sealed, 'state', files.find((name) => name.endsWith('rows-0000.ndjson.gz')) ?? '');
    await truncate(rows, 20);
    const broken = await begin('--out', 'broken');
    expect(broken).toMatchObject({ code: 2, stdout: '' });
    expect(broken.stderr).toBe(
      `warning: The keeper's state of 2026-11-29 is skipped. ${rows} cannot be read.
error: Of the keeper's states (1), none is whole. \`compliance state build --rebuild\` makes the state from the sealed hours alone.
`,
    );
    const rebuilt = await begin('--out', 'broken', '--rebuild');
    expect(rebuilt).toMatchObject({ code: 0, stdout: expect.stringContaining('0 compliant, 1 violating') });
  });

  test('a folder without sealed hours is invalid usage', async () => {
    const cwd = await temporaryFolder();
    await mkdir(join(cwd, 'sealed'));
    await expect(
      runCli(['state', 'build', '--sealed', 'sealed', '--out', 'data'], { cwd }),
    ).resolves.toMatchObject({
      code: 2,
      stderr:
        'error: Nothing is sealed in sealed yet. Name the folder above heads/, or the intake with --ledger.\n',
    });
  });
});

test.each([
  ['an empty name', '', 'The name of the folder is empty.'],
  ['a file', 'settings.yaml', 'Cannot make the folder settings.yaml: EEXIST'],
  ['a folder below a file', 'settings.yaml/data', 'Cannot make the folder settings.yaml/data: ENOTDIR'],
  ['a folder where none can be made', '/proc/none/data', 'Cannot make the folder /proc/none/data: '],
])('state build into %s is invalid usage', async (_, out, message) => {
  const cwd = await temporaryFolder({ 'settings.yaml': SETTINGS });
  await mkdir(join(cwd, 'ledger/intake'), { recursive: true });
  const { code, stderr } = await runCli(['state', 'build', '--ledger', 'ledger', '--out', out], { cwd });
  expect(stderr).toContain(message);
  expect(code).toBe(2);
  expect(await readdir(cwd)).toEqual(['ledger', 'settings.yaml']);
});

describe('of two builds into one folder', () => {
  const ledgerOf = async () => {
    const cwd = await temporaryFolder({ 'compliance.yaml': SETTINGS });
    await folderLedger(join(cwd, 'ledger')).append([
      verdict(about('S3_ENABLE_VERSIONING'), 'COMPLIANT', minutesAgo(5)),
    ]);
    return cwd;
  };

  test('the second one is refused, and the state is whole', async () => {
    const cwd = await ledgerOf();
    for (let round = 0; round < 3; round += 1) {
      const builds = await Promise.all([build(cwd), build(cwd)]);
      expect(builds.map(({ code }) => code)).toContain(0);
      for (const { code, stderr } of builds)
        expect(code === 0 ? stderr : `${code} ${stderr}`).toMatch(
          /^(?:2 error: Another process writes into data\. Wait for it; if there is none, delete data\/building\.lock\.\n)?$/,
        );
    }
    expect(await build(cwd)).toMatchObject({ code: 0 });
    expect(await readdir(join(cwd, 'data'))).not.toContain('building.lock');
  });

  test('the lock of a process that died is taken over, that of another machine is not', async () => {
    const cwd = await ledgerOf();
    await mkdir(join(cwd, 'data'));
    const lock = join(cwd, 'data/building.lock');
    const { pid } = spawnSync(process.execPath, ['--version']);
    await writeFile(lock, `${pid} ${hostname()}\n`);
    expect(await build(cwd)).toMatchObject({ code: 0 });
    await writeFile(lock, `${pid} another-machine\n`);
    expect(await build(cwd)).toMatchObject({ code: 2 });
  });
});

test.each([
  ['', 'is broken: it is not JSON.'],
  ['{', 'is broken: it is not JSON.'],
  ['{"schemaVersion":1}', 'is broken: '],
  ['{"schemaVersion":9}', 'has schema 9, and this release reads 1.'],
])('a snapshot that is %j is invalid input, and its error says what to do', async (text, message) => {
  const cwd = await temporaryFolder();
  await mkdir(join(cwd, 'data/state'), { recursive: true });
  await writeFile(join(cwd, 'data/state/snapshot.json'), text);
  const { code, stderr } = await runCli(['state', 'show', 'data'], { cwd });
  expect(stderr).toContain(`error: data/state/snapshot.json ${message}`);
  expect(stderr).toMatch(/ Build the state again, into an empty folder\.\n$/);
  expect(code).toBe(2);
});

test('what is left out of the intake is counted once, however often a state is built', async () => {
  const cwd = await temporaryFolder({ 'compliance.yaml': SETTINGS });
  await folderLedger(join(cwd, 'ledger')).append([
    verdict(about('S3_ENABLE_VERSIONING'), 'COMPLIANT', minutesAgo(5)),
  ]);
  const [file = ''] = (await readdir(join(cwd, 'ledger'), { recursive: true })).filter((name) =>
    name.endsWith('.ndjson'),
  );
  await writeFile(join(cwd, 'ledger', dirname(file), 'mine.ndjson'), 'not json\n');
  for (let round = 0; round < 3; round += 1) expect(await build(cwd)).toMatchObject({ code: 4 });
  const { stdout } = await runCli(['state', 'show', 'data', '--json'], { cwd });
  expect(JSON.parse(stdout)).toMatchObject({ skipped: 1 });
});

test('state build makes the folders above the one that it is given', async () => {
  const cwd = await temporaryFolder({ 'compliance.yaml': SETTINGS });
  await folderLedger(join(cwd, 'ledger')).append([
    verdict(about('S3_ENABLE_VERSIONING'), 'COMPLIANT', minutesAgo(5)),
  ]);
  expect(await build(cwd, '--out', 'a/b/c')).toMatchObject({ code: 0 });
  expect(await readdir(join(cwd, 'a/b/c'))).toContain('state');
});

test('the data of state build becomes one HTML file, which holds what the ledger says', async () => {
  const cwd = await temporaryFolder({ 'compliance.yaml': SETTINGS });
  await folderLedger(join(cwd, 'ledger')).append([
    verdict(about('S3_ENABLE_VERSIONING'), 'NON_COMPLIANT', minutesAgo(9)),
  ]);
  await build(cwd);
  const { code, stderr } = await runCli(['dashboard', 'data', '--single-file', 'board.html'], { cwd });
  expect(stderr).toMatch(/^board\.html: \d+ kB\. Open it in a browser\.\n$/);
  expect(code).toBe(0);
  const page = await readFile(join(cwd, 'board.html'), 'utf8');
  const blocks = [...page.matchAll(/data-keys="([^"]+)">([^<]+)</g)].flatMap(([, keys = '', packed = '']) => {
    const files = restore(JSON.parse(gunzipSync(Buffer.from(packed, 'base64')).toString()) as Transposed);
    return keys.split(' ').map((key, index) => [key, JSON.stringify(files[index])] as const);
  });
  const texts = new Map(blocks);
  expect([...texts.keys()]).toEqual(['overview.json', 'unit/0.json', 'account/0.json']);
  const overview = parseOverview(texts.get('overview.json') ?? '');
  expect(overview.accountCounts.violating).toEqual([1]);
  expect(parseAccount(texts.get('account/0.json') ?? '', 0, overview).findings.resource).toEqual(['logs']);
});
