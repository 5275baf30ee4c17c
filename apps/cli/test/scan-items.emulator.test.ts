import { ConfigServiceClient, StopConfigurationRecorderCommand } from '@aws-sdk/client-config-service';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { afterAll, beforeAll, expect, test } from 'vitest';

import { environmentIn } from './environment-of.ts';
import { runCli } from './run-cli.ts';
import { createAdministratorRole, createAggregator, idOf } from './scan-places.ts';
import { rowsIn } from './scan-rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

const HOME = 'eu-west-1';
const STOPPED = 'stopped';

let org: LocalOrg;

beforeAll(async () => {
  org = await startLocalOrg({
    homeRegion: HOME,
    regions: [HOME, 'us-east-1'],
    members: [{ name: 'one' }, { name: STOPPED }],
  });
  for (const { id } of org.organization.members) await createAdministratorRole(org, id);
  await createAggregator(org);
  await createBucket('one', 'recorded');
  // Its recorder stops before its bucket is there: AWS Config looks empty, and green.
  await org
    .client(ConfigServiceClient, idOf(org, STOPPED))
    .send(new StopConfigurationRecorderCommand({ ConfigurationRecorderName: 'default' }));
  await createBucket(STOPPED, 'unrecorded');
  await org.whenIdle();
});
afterAll(async () => {
  await org.stop();
});

const createBucket = (account: string, Bucket: string) =>
  org
    .client(S3Client, idOf(org, account))
    .send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: HOME } }));

const scan = async (source: string, ...args: string[]) => {
  const { code, stdout, stderr } = await runCli(
    ['scan', '--organization', '--format', 'ndjson', '--source', source, ...args],
    { cwd: await temporaryFolder(), env: environmentIn(org) },
  );
  return { code, stderr, rows: rowsIn(stdout) };
};

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
      accountId: idOf(org, STOPPED),
      region: HOME,
      complianceType: 'INSUFFICIENT_DATA',
      annotation: 'Not covered by AWS Config: the recorder is stopped.',
    },
  ]);
  expect(stderr).toMatch(/^not covered in \d{12} \(stopped\) eu-west-1: /m);
  expect(org.calls.totals()['sts:AssumeRole'] ?? 0).toBe(before);
});

test('a Region that the aggregator does not have is not covered', async () => {
  const selection = ['--accounts', 'one', '--rule', 'S3_ENABLE_VERSIONING'];
  const { code, rows } = await scan('config', ...selection, '--region', HOME, '--region', 'ap-east-1');
  expect(code).toBe(3);
  expect(rows).toMatchObject([
    { region: HOME, resourceId: 'recorded' },
    {
      region: 'ap-east-1',
      complianceType: 'INSUFFICIENT_DATA',
      annotation: 'Not covered by AWS Config: the aggregator does not have it.',
    },
  ]);
});

test('what a stopped recorder does not have is looked up live with both sources', async () => {
  const { rows } = await scan('both', '--accounts', STOPPED, '--rule', 'S3_ENABLE_VERSIONING');
  expect(rows.map(({ resourceId, complianceType }) => ({ resourceId, complianceType }))).toEqual([
    { resourceId: 'unrecorded', complianceType: 'NON_COMPLIANT' },
  ]);
});

test("one account's own items are judged with two calls for each hundred resources", async () => {
  const env = environmentIn(org, idOf(org, 'one'));
  await org.client(S3Client, idOf(org, 'one')).send(
    new PutBucketVersioningCommand({
      Bucket: 'recorded',
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
  await org.whenIdle();
  const { stdout, stderr, code } = await runCli(
    ['scan', '--source', 'config', '--rule', 'S3_ENABLE_VERSIONING', '--format', 'ndjson', '--stats'],
    { cwd: await temporaryFolder(), env },
  );
  expect(code).toBe(0);
  expect(stdout).toMatch(/"resourceId":"recorded".*"complianceType":"COMPLIANT"/);
  expect(stderr).toMatch(/^AWS Config: \d+ items, captured from .+ to .+ UTC$/m);
  // No other service is asked, as --print-policy says.
  expect(stderr).toMatch(/^Config Service +4 +0\nall +4 +0$/m);
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
