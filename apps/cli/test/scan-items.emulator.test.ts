import {
  ConfigServiceClient,
  PutConfigurationAggregatorCommand,
  StopConfigurationRecorderCommand,
} from '@aws-sdk/client-config-service';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import {
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  CreateBucketCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { loadAllRules } from '@compliance/registry';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { environmentIn } from './environment-of.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const HOME = 'eu-west-1';
const REGIONS = [HOME, 'us-east-1'] as const;
const STOPPED = 'stopped';

let org: LocalOrg;
let readable: readonly string[];

beforeAll(async () => {
  readable = (await loadAllRules())
    .filter(({ observe, only }) => observe.item && only === undefined)
    .map(({ command }) => command);
  org = await startLocalOrg({
    homeRegion: HOME,
    regions: REGIONS,
    members: [{ name: 'one' }, { name: STOPPED }],
  });
  const iam = (name: string) => org.client(IAMClient, idOf(name));
  const RoleName = 'OrganizationAccountAccessRole';
  for (const { name } of org.organization.members) {
    const trust = allow({ Action: 'sts:AssumeRole', Principal: { AWS: org.organization.master.id } });
    await iam(name).send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: trust }));
    const PolicyDocument = allow({ Action: '*', Resource: '*' });
    await iam(name).send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
  }
  await createBucket('exempt-by-tag', { team: 'payments', owner: 'payments@example.com' });
  await createBucket('owned-by-tag', { owner: 'data@example.com' });
  // Its recorder stops before its bucket is there: AWS Config looks empty, and green.
  const config = org.client(ConfigServiceClient, idOf(STOPPED));
  await config.send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
  const late = org.client(S3Client, idOf(STOPPED));
  await late.send(
    new CreateBucketCommand({
      Bucket: 'unrecorded',
      CreateBucketConfiguration: { LocationConstraint: HOME },
    }),
  );
  const master = org.client(ConfigServiceClient, org.organization.master.id);
  await master.send(
    new PutConfigurationAggregatorCommand({
      ConfigurationAggregatorName: 'organization',
      OrganizationAggregationSource: {
        RoleArn: `arn:aws:iam::${org.organization.master.id}:role/aggregator`,
        AllAwsRegions: true,
      },
    }),
  );
  await org.whenIdle();
});
afterAll(async () => {
  await org.stop();
});

const allow = (what: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...what }] });

const idOf = (name: string): string =>
  org.organization.members.find((member) => member.name === name)?.id ?? '';

const createBucket = async (Bucket: string, tags: Readonly<Record<string, string>>) => {
  const s3 = org.client(S3Client, idOf('one'));
  await s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: HOME } }));
  const TagSet = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
  await s3.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
};

interface Row {
  readonly accountId: string;
  readonly region?: string;
  readonly command?: string;
  readonly resourceType?: string;
  readonly resourceId?: string;
  readonly complianceType: string;
  readonly annotation?: string;
  readonly owner?: string;
  readonly exemption?: string;
}

const EXEMPTIONS = {
  exemptions: [
    {
      id: 'EX-1',
      tags: { team: 'payments' },
      reason: 'r',
      owner: 'o',
      approver: 'a',
      ticket: 't',
      expires: '2999-01-01',
    },
  ],
};

const scan = async (source: string, ...args: string[]) => {
  const cwd = await temporaryFolder({ 'exemptions.yaml': JSON.stringify(EXEMPTIONS) });
  const rules = args.includes('--rule') ? [] : readable.flatMap((command) => ['--rule', command]);
  const { code, stdout, stderr } = await runCli(
    [
      'scan',
      '--organization',
      '--exclude',
      'master',
      '--format',
      'ndjson',
      '--source',
      source,
      ...rules,
      ...args,
    ],
    { cwd, env: environmentIn(org) },
  );
  const rows = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Row);
  return { code, stderr, rows };
};

const isJudged = ({ complianceType }: Row) => complianceType !== 'INSUFFICIENT_DATA';
/**
 * Left out: what a rule does not concern, which a listing may leave out and an item says; and the default encryption of
 * buckets, which the emulator's S3 lacks and AWS has given every bucket since 2023, as items say.
 */
const isComparable = (row: Row) =>
  isJudged(row) &&
  (row.complianceType !== 'NOT_APPLICABLE' || row.exemption !== undefined) &&
  row.command !== 'S3_ENCRYPT_BUCKETS';
const keyOf = ({ accountId, region, command, resourceId }: Row) =>
  `${accountId} ${region} ${command} ${resourceId}`;
const verdictOf = ({ complianceType, annotation, owner, exemption }: Row) => ({
  complianceType,
  annotation,
  owner,
  exemption,
});

test('items and live calls give the same verdict on every resource whose item decides', async () => {
  const [live, config, both] = [await scan('live'), await scan('config'), await scan('both')];
  const byKey = new Map(live.rows.filter(isComparable).map((row) => [keyOf(row), verdictOf(row)]));
  const fromItems = config.rows.filter(isComparable);
  // Of buckets, security groups, network ACLs and route tables: every account has some of them.
  expect(new Set(fromItems.map(({ command }) => command)).size).toBeGreaterThan(9);
  expect(Object.fromEntries(fromItems.map((row) => [keyOf(row), verdictOf(row)]))).toEqual(
    Object.fromEntries(fromItems.map((row) => [keyOf(row), byKey.get(keyOf(row))])),
  );
  // Whatever is not judged from items is named, and a live look judges it.
  const missing = [...byKey.keys()].filter((key) => !fromItems.some((row) => keyOf(row) === key));
  const named = new Set(config.rows.filter((row) => !isJudged(row)).map(keyOf));
  const stopped = idOf(STOPPED);
  expect(missing.filter((key) => !named.has(key) && !key.startsWith(`${stopped} ${HOME}`))).toEqual([]);
  expect(
    Object.fromEntries(both.rows.filter(isComparable).map((row) => [keyOf(row), verdictOf(row)])),
  ).toEqual(Object.fromEntries(byKey));
  const versioning = (bucket: string) =>
    config.rows.find(
      ({ resourceId, command }) => resourceId === bucket && command === 'S3_ENABLE_VERSIONING',
    );
  expect(versioning('exempt-by-tag')).toMatchObject({ exemption: 'EX-1' });
  expect(versioning('owned-by-tag')).toMatchObject({
    owner: 'data@example.com',
    complianceType: 'NON_COMPLIANT',
  });
});

test('an account whose recorder is stopped is not covered, never compliant, and no role is needed in any', async () => {
  const before = org.calls.totals()['sts:AssumeRole'] ?? 0;
  const { code, rows, stderr } = await scan(
    'config',
    '--accounts',
    STOPPED,
    '--rule',
    'S3_ENABLE_VERSIONING',
  );
  expect(code).toBe(3);
  expect(rows).toEqual([
    {
      accountId: idOf(STOPPED),
      region: HOME,
      complianceType: 'INSUFFICIENT_DATA',
      annotation: 'Not covered by AWS Config: the recorder is stopped.',
    },
  ]);
  expect(stderr).toMatch(/^not covered in \d{12} \(stopped\) eu-west-1: /m);
  expect(org.calls.totals()['sts:AssumeRole'] ?? 0).toBe(before);
});

test('what a stopped recorder does not have is looked up live with both sources', async () => {
  const { rows } = await scan('both', '--accounts', STOPPED, '--rule', 'S3_ENABLE_VERSIONING');
  expect(rows.map(({ resourceId, complianceType }) => ({ resourceId, complianceType }))).toEqual([
    { resourceId: 'unrecorded', complianceType: 'NON_COMPLIANT' },
  ]);
});

test("one account's own items are judged with two calls for each hundred resources", async () => {
  const env = environmentIn(org, idOf('one'));
  await org.client(S3Client, idOf('one')).send(
    new PutBucketVersioningCommand({
      Bucket: 'owned-by-tag',
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  await org.whenIdle();
  const { stdout, stderr, code } = await runCli(
    ['scan', '--source', 'config', '--rule', 'S3_ENABLE_VERSIONING', '--format', 'ndjson', '--stats'],
    { cwd: await temporaryFolder(), env },
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/"resourceId":"owned-by-tag".*"complianceType":"COMPLIANT"/);
  expect(stderr).toMatch(/^AWS Config: \d+ items, captured from .+ to .+ UTC$/m);
  expect(stderr).toMatch(/^Config Service +4 +0$/m);
});

test('rules that no item decides are named, and refused alone', async () => {
  const options = { cwd: await temporaryFolder(), env: environmentIn(org) };
  const rules = ['--rule', 'S3_ENABLE_VERSIONING', '--rule', 'CLOUDTRAIL_ENABLE_MULTI_REGION'];
  const some = await runCli(['scan', '--source', 'config', ...rules], options);
  expect(some.stderr).toContain(
    'not judged: 1 rules need a live look (--source both): CLOUDTRAIL_ENABLE_MULTI_REGION\n',
  );
  const none = await runCli(['scan', '--source', 'config', ...rules.slice(2)], options);
  expect(none).toMatchObject({ code: 2, stderr: expect.stringContaining('items decide none') as string });
});
