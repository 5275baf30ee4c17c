import { ConfigServiceClient, StopConfigurationRecorderCommand } from '@aws-sdk/client-config-service';
import { CreateKeyCommand, KMSClient, UpdateKeyDescriptionCommand } from '@aws-sdk/client-kms';
import {
  CreateBucketCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { loadAllRules } from '@compliance/registry';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { environmentIn } from './environment-of.ts';
import { runCli, type CliResult } from './run-cli.ts';
import { createAdministratorRole, createAggregator, idOf } from './scan-places.ts';
import { rowsIn, type Row } from './scan-rows.ts';
import type { SeedOrder } from './seed-contracts.ts';

// The story of a first look: six accounts in two Regions, of which two refuse; in one, a recorder is stopped.
const HOME = 'eu-west-1';
const REGIONS = [HOME, 'us-east-1'] as const;
const READABLE = ['one', 'two', 'three', 'stopped'] as const;
const REFUSING = ['without-role', 'trusts-another'] as const;

let org: LocalOrg;
let commands: readonly string[];

beforeAll(async () => {
  commands = (await loadAllRules())
    .filter(({ observe, only }) => observe.item && only === undefined)
    .map(({ command }) => command);
  org = await startLocalOrg({
    homeRegion: HOME,
    regions: REGIONS,
    members: [...READABLE, ...REFUSING].map((name) => ({ name })),
  });
  await createAggregator(org);
  for (const name of READABLE) await createAdministratorRole(org, idOf(org, name));
  await createAdministratorRole(org, idOf(org, 'trusts-another'), idOf(org, 'one'));
  await seedContracts();
  await createBucket('one', 'exempt-by-tag', { team: 'payments', owner: 'payments@example.com' });
  await createBucket('one', 'owned-by-tag', { owner: 'data@example.com' });
  await createBucket('stopped', 'changed-later', {});
  const key = await createKey('one');
  await org.whenIdle();
  // Only a later item shows whether a key rotates: the first one of a new key may be older than its rotation.
  await org
    .client(KMSClient, idOf(org, 'one'))
    .send(new UpdateKeyDescriptionCommand({ KeyId: key, Description: 'for reports' }));
  // What the recorder leaves behind is true no longer.
  await org
    .client(ConfigServiceClient, idOf(org, 'stopped'))
    .send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
  await org.client(S3Client, idOf(org, 'stopped')).send(
    new PutBucketVersioningCommand({
      Bucket: 'changed-later',
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  await org.whenIdle();
});
afterAll(async () => {
  await org.stop();
});

const seedContracts = async () => {
  const order: SeedOrder = {
    endpoint: org.endpointUrl,
    region: HOME,
    accounts: READABLE.map((name) => idOf(org, name)).map((accountId) => ({
      accountId,
      credentials: org.credentials(accountId),
    })),
    commands: [...commands],
  };
  const program = join(import.meta.dirname, 'seed-contracts.ts');
  await promisify(execFile)(process.execPath, [program, JSON.stringify(order)]);
};

const createBucket = async (
  account: string,
  Bucket: string,
  tags: Readonly<Record<string, string>>,
): Promise<void> => {
  const s3 = org.client(S3Client, idOf(org, account));
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: HOME } }));
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  if (TagSet.length > 0) await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
};

const createKey = async (account: string): Promise<string | undefined> => {
  const { KeyMetadata } = await org.client(KMSClient, idOf(org, account)).send(new CreateKeyCommand({}));
  return KeyMetadata?.KeyId;
};

const exemption = (id: string, matchers: object) => ({
  id,
  ...matchers,
  reason: 'r',
  owner: 'o',
  approver: 'a',
  ticket: 't',
  expires: '2999-01-01',
});

interface Scan extends CliResult {
  readonly rows: readonly Row[];
}
let cwd: string;
let live: Scan;
let config: Scan;
let both: Scan;

beforeAll(async () => {
  const [one, two] = [idOf(org, 'one'), idOf(org, 'two')];
  const exemptions = [
    exemption('EX-1', { tags: { team: 'payments' } }),
    // The contracts' seeds of many types have these tags.
    exemption('EX-2', { tags: { owner: 'team-*' }, accounts: [one] }),
    exemption('EX-3', { tags: { owner: 'network' }, accounts: [two] }),
  ];
  cwd = await mkdtemp(join(tmpdir(), 'compliance-sources-'));
  await writeFile(join(cwd, 'exemptions.yaml'), JSON.stringify({ exemptions }));
  const scan = async (source: string): Promise<Scan> => {
    const rules = commands.flatMap((command) => ['--rule', command]);
    const args = ['scan', '--organization', '--exclude', 'master', '--format', 'ndjson', '--source', source];
    const result = await runCli([...args, ...rules], { cwd, env: environmentIn(org) });
    return { ...result, rows: rowsIn(result.stdout) };
  };
  live = await scan('live');
  config = await scan('config');
  both = await scan('both');
});
afterAll(() => rm(cwd, { recursive: true }));

const keyOf = ({ accountId, region, command, resourceType, resourceId }: Row) =>
  [accountId, region, command, resourceType, resourceId].join(' ');
const isJudged = ({ complianceType }: Row) => complianceType !== 'INSUFFICIENT_DATA';

/** By resource. The time is left out: that of an item is when it was captured. */
const judgedIn = ({ rows }: Scan): Readonly<Record<string, object>> =>
  Object.fromEntries(
    rows
      .filter((row) => isJudged(row) && READABLE.some((name) => row.accountId === idOf(org, name)))
      .map((row) => [keyOf(row), { ...row, time: undefined }]),
  );

/** Leaves out what a rule does not concern: a listing may not name it, or AWS Config not record it. */
const concerned = (judged: Readonly<Record<string, object>>, other: Readonly<Record<string, object>>) =>
  Object.fromEntries(
    Object.entries(judged).filter(
      ([key, row]) =>
        key in other ||
        !('complianceType' in row && row.complianceType === 'NOT_APPLICABLE') ||
        'exemption' in row,
    ),
  );

test('of six accounts in two Regions, the two that refuse are named at the end', () => {
  for (const { code, stderr } of [live, both]) {
    expect(code).toBe(3);
    for (const name of REFUSING)
      expect(stderr).toMatch(
        new RegExp(
          `^refused: ${idOf(org, name)} \\(${name}\\): Cannot assume role .+compliance-evaluate`,
          'm',
        ),
      );
    expect(stderr).toMatch(/^accounts: 4 scanned, 2 refused$/m);
  }
  const judged = live.rows.filter(isJudged);
  expect(new Set(judged.map(({ accountId, region }) => `${accountId} ${region}`))).toEqual(
    new Set(READABLE.flatMap((name) => REGIONS.map((region) => `${idOf(org, name)} ${region}`))),
  );
});

test('no resource has two verdicts of one rule, whatever the source', () => {
  for (const { rows } of [live, config, both]) {
    const keys = rows.map(keyOf);
    expect(keys.filter((key, index) => keys.indexOf(key) !== index)).toEqual([]);
  }
});

test('items say what live calls say of every resource that they decide on', () => {
  const [ofLive, ofItems] = [judgedIn(live), judgedIn(config)];
  expect(concerned(ofItems, ofLive)).toEqual(
    Object.fromEntries(Object.keys(concerned(ofItems, ofLive)).map((key) => [key, ofLive[key]])),
  );
  const decided = new Set(config.rows.filter(isJudged).map(({ command }) => command));
  expect(commands.filter((command) => !decided.has(command))).toEqual([]);
  for (const exempt of ['EX-1', 'EX-2', 'EX-3'])
    expect(config.rows.some((row) => row.exemption === exempt && row.complianceType !== 'COMPLIANT')).toBe(
      true,
    );
  expect(config.rows).toContainEqual(
    expect.objectContaining({
      resourceId: 'owned-by-tag',
      command: 'S3_ENABLE_VERSIONING',
      complianceType: 'NON_COMPLIANT',
      owner: 'data@example.com',
    }),
  );
});

test('what items do not decide is named by resource, or by Region where the recorder is stopped', () => {
  const ofItems = judgedIn(config);
  const named = new Set(config.rows.filter((row) => !isJudged(row)).map(keyOf));
  const stopped = idOf(org, 'stopped');
  const missing = Object.keys(concerned(judgedIn(live), ofItems)).filter(
    (key) => !(key in ofItems) && !key.startsWith(`${stopped} ${HOME} `),
  );
  expect(missing.filter((key) => !named.has(key))).toEqual([]);
  // Also what the recorder left behind: it may be true no longer.
  expect(config.rows.filter(({ accountId, region }) => accountId === stopped && region === HOME)).toEqual([
    {
      accountId: stopped,
      region: HOME,
      complianceType: 'INSUFFICIENT_DATA',
      annotation: 'Not covered by AWS Config: the recorder is stopped.',
    },
  ]);
});

test('with both sources, every resource is judged as a live look judges it', () => {
  const [ofLive, ofBoth] = [judgedIn(live), judgedIn(both)];
  expect(concerned(ofBoth, ofLive)).toEqual(concerned(ofLive, ofBoth));
  expect(both.rows).toContainEqual(
    expect.objectContaining({
      resourceId: 'changed-later',
      command: 'S3_ENABLE_VERSIONING',
      complianceType: 'COMPLIANT',
    }),
  );
});

test('the aggregator also has the accounts that let nobody in', () => {
  for (const name of REFUSING)
    expect(config.rows.some((row) => row.accountId === idOf(org, name) && isJudged(row))).toBe(true);
});
