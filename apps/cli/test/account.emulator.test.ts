import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  CreateBucketCommand,
  GetBucketVersioningCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { emulatedAccount } from '@compliance/core/testing';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { environmentOf } from './environment-of.ts';
import { runCli, type CliOptions } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** Creates an account with a versioned and an unversioned bucket, and the environment of its user. */
const accountWithBuckets = async () => {
  const { admin, accountId } = await emulatedAccount();
  const client = admin.client(S3Client);
  const plain = `plain-${accountId}`;
  const versioned = `versioned-${accountId}`;
  const LocationConstraint = 'eu-west-1';
  for (const Bucket of [plain, versioned])
    await client.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint } }));
  const Tagging = { TagSet: [{ Key: 'team', Value: 'payments' }] };
  await client.send(new PutBucketTaggingCommand({ Bucket: plain, Tagging }));
  await client.send(
    new PutBucketVersioningCommand({ Bucket: versioned, VersioningConfiguration: { Status: 'Enabled' } }),
  );
  const isPlainUnversioned = async () =>
    (await client.send(new GetBucketVersioningCommand({ Bucket: plain }))).Status === undefined;
  return { accountId, plain, versioned, isPlainUnversioned, env: await environmentOf(accountId) };
};

const scanVersioning = (args: readonly string[], options: CliOptions) =>
  runCli(['scan', '--rule', 'S3_ENABLE_VERSIONING', ...args], options);

test('scan finds violations and writes nothing', async () => {
  const { accountId, plain, versioned, isPlainUnversioned, env } = await accountWithBuckets();
  const { code, stdout, stderr } = await scanVersioning(['--json'], { cwd: await temporaryFolder(), env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const place = {
    accountId,
    region: 'eu-west-1',
    command: 'S3_ENABLE_VERSIONING',
    severity: 'low',
    resourceType: 'AWS::S3::Bucket',
  };
  const named = (bucket: string) => ({
    ...place,
    resourceId: bucket,
    resourceName: bucket,
    arn: `arn:aws:s3:::${bucket}`,
    controls: { 'aws-fsbp': ['S3.14'] },
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/) as string,
  });
  expect(JSON.parse(stdout)).toEqual([
    {
      ...named(plain),
      complianceType: 'NON_COMPLIANT',
      annotation: 'Versioning is Off.',
      tags: { team: 'payments' },
    },
    { ...named(versioned), complianceType: 'COMPLIANT' },
  ]);
  await expect(isPlainUnversioned()).resolves.toBe(true);
});

test('scan prints a table or writes a page, and exits with 1 for findings of the --fail-on severity', async () => {
  const { plain, env } = await accountWithBuckets();
  const cwd = await temporaryFolder();
  const table = await scanVersioning(['--fail-on', 'high'], { cwd, env });
  expect(table).toMatchObject({ code: 0, stdout: expect.stringContaining(plain) });
  const page = await scanVersioning(['--format', 'html', '--out', 'report.html', '--fail-on', 'any'], {
    cwd,
    env,
  });
  expect(page).toMatchObject({ code: 1, stdout: '', stderr: '' });
  await expect(readFile(join(cwd, 'report.html'), 'utf8')).resolves.toContain(plain);
});

test('scan of all rules in two Regions evaluates a rule of the home Region once', async () => {
  const { env } = await accountWithBuckets();
  const { stdout, stderr, code } = await runCli(
    ['scan', '--region', 'eu-west-1', '--region', 'us-east-1', '--json'],
    {
      cwd: await temporaryFolder(),
      env,
    },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const findings = JSON.parse(stdout) as { command: string; region: string }[];
  const regionsOf = (rule: string) =>
    new Set(findings.flatMap(({ command, region }) => (command === rule ? [region] : [])));
  expect(regionsOf('IAM_SET_PASSWORD_MIN_LENGTH')).toEqual(new Set(['eu-west-1']));
  expect(regionsOf('VPC_ENABLE_FLOW_LOGS')).toEqual(new Set(['eu-west-1', 'us-east-1']));
});

test('scan lists unreadable resources on standard error and exits with 3', async () => {
  const { env } = await accountWithBuckets();
  const { code, stdout, stderr } = await scanVersioning(['--json'], {
    cwd: await temporaryFolder(),
    // S3 is not reachable, STS is.
    env: { ...env, AWS_ENDPOINT_URL_S3: `${env['AWS_ENDPOINT_URL']}/no-such-service` },
  });
  expect(code).toBe(3);
  expect(JSON.parse(stdout)).toEqual([
    {
      accountId: expect.any(String) as string,
      region: 'eu-west-1',
      command: 'S3_ENABLE_VERSIONING',
      resourceType: 'AWS::S3::Bucket',
      complianceType: 'INSUFFICIENT_DATA',
      annotation: expect.any(String) as string,
    },
  ]);
  expect(stderr).toMatch(/^not evaluated: S3_ENABLE_VERSIONING in eu-west-1: listing AWS::S3::Bucket: .+\n$/);
});

test('scan reads parameters and disabled rules from the settings', async () => {
  const { accountId, env } = await accountWithBuckets();
  const settings = {
    organization: {
      masterAccountId: accountId,
      externalId: 'not-a-secret',
      homeRegion: 'eu-west-1',
      regions: ['eu-west-1'],
    },
    accounts: [{ id: accountId, name: 'production' }],
    rules: {
      S3_ENABLE_VERSIONING: { mode: 'off' },
      IAM_SET_PASSWORD_MIN_LENGTH: { parameters: { minimumPasswordLength: 77 } },
    },
  };
  const cwd = await temporaryFolder({ 'compliance.yaml': JSON.stringify(settings) });
  const { stdout } = await runCli(['scan', '--json'], { cwd, env });
  const findings = JSON.parse(stdout) as { command: string; annotation?: string }[];
  expect(findings.some(({ command }) => command === 'S3_ENABLE_VERSIONING')).toBe(false);
  expect(findings).toContainEqual(
    expect.objectContaining({
      command: 'IAM_SET_PASSWORD_MIN_LENGTH',
      annotation: expect.stringContaining('77'),
    }),
  );
});

const changeEvent = (accountId: string, resourceId: string) => ({
  version: '1.0',
  accountId,
  configRuleArn: `arn:aws:config:eu-west-1:${accountId}:config-rule/config-rule-abcdef`,
  configRuleName: 's3-enable-versioning',
  configRuleId: 'config-rule-abcdef',
  executionRoleArn: `arn:aws:iam::${accountId}:role/config`,
  eventLeftScope: false,
  resultToken: 'token',
  ruleParameters: JSON.stringify({ ComplianceCommand: 'S3_ENABLE_VERSIONING' }),
  invokingEvent: JSON.stringify({
    messageType: 'ConfigurationItemChangeNotification',
    notificationCreationTime: '2026-11-20T10:15:31.000Z',
    configurationItem: {
      awsAccountId: accountId,
      awsRegion: 'eu-west-1',
      resourceType: 'AWS::S3::Bucket',
      resourceId,
      configurationItemStatus: 'OK',
      configurationItemCaptureTime: '2026-11-20T10:15:30.123Z',
      configuration: {},
      supplementaryConfiguration: {},
    },
  }),
});

test('evaluate prints evaluations as PutEvaluations takes them', async () => {
  const { accountId, plain, env } = await accountWithBuckets();
  const cwd = await temporaryFolder({ 'event.json': JSON.stringify(changeEvent(accountId, plain)) });
  const { code, stdout, stderr } = await runCli(['evaluate', '--event', 'event.json'], { cwd, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toEqual([
    {
      ComplianceResourceType: 'AWS::S3::Bucket',
      ComplianceResourceId: plain,
      ComplianceType: 'NON_COMPLIANT',
      Annotation: 'Versioning is Off.',
      OrderingTimestamp: '2026-11-20T10:15:30.123Z',
    },
  ]);
});

test('evaluate refuses credentials of another account', async () => {
  const { plain, env, accountId } = await accountWithBuckets();
  const other = accountId === '111122223333' ? '444455556666' : '111122223333';
  const cwd = await temporaryFolder({ 'event.json': JSON.stringify(changeEvent(other, plain)) });
  const { code, stdout, stderr } = await runCli(['evaluate', '--event', 'event.json'], { cwd, env });
  expect({ code, stdout }).toEqual({ code: 3, stdout: '' });
  expect(stderr).toContain(
    `Wrong account: the event is from ${other}, but the credentials belong to ${accountId}.`,
  );
});

const remediationEvent = (accountId: string, resourceId: string) => ({
  complianceCommand: 'S3_ENABLE_VERSIONING',
  resourceType: 'AWS::S3::Bucket',
  resourceId,
  accountId,
  region: 'eu-west-1',
  partition: 'aws',
  executionId: 'by-hand',
});

test('remediate shows the calls and their undo without making a call', async () => {
  const { accountId, plain, isPlainUnversioned, env } = await accountWithBuckets();
  const cwd = await temporaryFolder({ 'event.json': JSON.stringify(remediationEvent(accountId, plain)) });
  const { code, stdout, stderr } = await runCli(['remediate', '--event', 'event.json'], { cwd, env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(/^Turn versioning on for bucket plain-\d+ {2}\[safe\]\n {2}plan-[0-9a-f]{16}\n/);
  expect(stdout).toContain('1. s3:PutBucketVersioning {"Bucket":');
  expect(stdout).toMatch(/Undo: s3:PutBucketVersioning .*"Suspended"/);
  await expect(isPlainUnversioned()).resolves.toBe(true);
});

test('remediate takes the rule and the resource by name or ARN instead of a file', async () => {
  const { accountId, plain, versioned, env } = await accountWithBuckets();
  const options = { cwd: await temporaryFolder(), env };
  const remediate = (resource: string, ...args: string[]) =>
    runCli(['remediate', '--rule', 'S3_ENABLE_VERSIONING', '--resource', resource, ...args], options);
  for (const name of [plain, `arn:aws:s3:::${plain}`])
    expect(await remediate(name, '--account', accountId)).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^Turn versioning on for bucket plain-\d+ {2}\[safe\]\n/) as string,
      stderr: '',
    });
  expect(await remediate(versioned)).toMatchObject({
    code: 0,
    stdout: 'Nothing to do: The resource is already compliant.\n',
  });
  expect(await remediate('no-such-bucket')).toMatchObject({
    code: 2,
    stderr: `error: No AWS::S3::Bucket 'no-such-bucket' in eu-west-1 of account ${accountId}. Use its id, name or ARN, and --region for another Region.\n`,
  });
  const other = accountId === '111122223333' ? '444455556666' : '111122223333';
  expect(await remediate(plain, '--account', other)).toMatchObject({
    code: 3,
    stderr: `error: Wrong account: --account is ${other}, but the credentials belong to ${accountId}. Use credentials of account ${other}.\n`,
  });
});

test('users are found and fixed by name, not only by id', async () => {
  const { admin, accountId } = await emulatedAccount();
  const iam = admin.client(IAMClient);
  await iam.send(new CreateUserCommand({ UserName: 'alice' }));
  await iam.send(new CreateAccessKeyCommand({ UserName: 'alice' }));
  const options = { cwd: await temporaryFolder(), env: await environmentOf(accountId) };
  const { stdout } = await runCli(['scan', '--rule', 'IAM_ROTATE_ACCESS_KEYS', '--json'], options);
  expect(JSON.parse(stdout)).toContainEqual(
    expect.objectContaining({
      resourceName: 'alice',
      arn: `arn:aws:iam::${accountId}:user/alice`,
      complianceType: 'COMPLIANT',
    }),
  );
  const remediate = ['remediate', '--rule', 'IAM_ROTATE_ACCESS_KEYS', '--resource', 'alice'];
  await expect(runCli(remediate, options)).resolves.toMatchObject({
    code: 0,
    stdout: 'Nothing to do: The resource is already compliant.\n',
  });
});

test('scan judges a bucket with dots in its name', async () => {
  const { admin, accountId } = await emulatedAccount();
  const Bucket = `logs.${accountId}.example.com`;
  const CreateBucketConfiguration = { LocationConstraint: 'eu-west-1' } as const;
  await admin.client(S3Client).send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration }));
  const env = await environmentOf(accountId);
  const { code, stdout, stderr } = await scanVersioning(['--json'], { cwd: await temporaryFolder(), env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(JSON.parse(stdout)).toMatchObject([{ resourceId: Bucket, complianceType: 'NON_COMPLIANT' }]);
});

test('scan evaluates the rules of a framework only, whose requirements then have a state', async () => {
  const { env } = await accountWithBuckets();
  const cwd = await temporaryFolder();
  const scanned = await runCli(
    ['scan', '--framework', 'cis-7.0', '--level', '1', '--format', 'json', '--out', 'findings.json'],
    { cwd, env },
  );
  expect(scanned).toMatchObject({ code: 0, stderr: '' });
  const findings = await readFile(join(cwd, 'findings.json'), 'utf8');
  expect(findings).not.toContain('S3_ENABLE_VERSIONING');
  const { stdout } = await runCli(['frameworks', 'show', 'cis-7.0', '--scan', 'findings.json'], { cwd });
  expect(stdout).toMatch(/^ {2}State +Id +Level /m);
  expect(stdout).toMatch(/^ {2}non-compliant +2\.8 /m);
});

test('remediate has nothing to do for a compliant resource', async () => {
  const { accountId, versioned, env } = await accountWithBuckets();
  const cwd = await temporaryFolder({ 'event.json': JSON.stringify(remediationEvent(accountId, versioned)) });
  const { code, stdout } = await runCli(['remediate', '--event', 'event.json', '--json'], { cwd, env });
  expect({ code, outcome: JSON.parse(stdout) as unknown }).toEqual({
    code: 0,
    outcome: { nothing: 'The resource is already compliant.' },
  });
});

test('remediate has nothing to do for a resource that ./exemptions.yaml exempts', async () => {
  const { accountId, plain, env } = await accountWithBuckets();
  const answerable = { reason: 'r', owner: 'o', approver: 'a', ticket: 't', expires: '2999-01-01' };
  const exemption = { id: 'EX-1', resources: [`arn:aws:s3:::${plain}`], ...answerable };
  const cwd = await temporaryFolder({
    'event.json': JSON.stringify(remediationEvent(accountId, plain)),
    'exemptions.yaml': JSON.stringify({ exemptions: [exemption] }),
  });
  const { code, stdout } = await runCli(['remediate', '--event', 'event.json'], { cwd, env });
  expect({ code, stdout }).toEqual({
    code: 0,
    stdout: 'Nothing to do: Exempt by EX-1 until 2999-01-01.\n',
  });
});
