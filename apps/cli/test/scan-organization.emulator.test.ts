import {
  CloseAccountCommand,
  CreateAccountCommand,
  MoveAccountCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { CreateBucketCommand, PutBucketVersioningCommand, S3Client } from '@aws-sdk/client-s3';
import { startLocalOrg, type LocalOrg } from '@compliance/local-org';
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

import { environmentIn } from './environment-of.ts';
import { runCli } from './run-cli.ts';
import { createAdministratorRole, idOf } from './scan-places.ts';
import { rowsIn, type Row } from './scan-rows.ts';
import { temporaryFolder } from './temporary-folder.ts';

const REGIONS = ['eu-west-1', 'us-east-1'] as const;
const READABLE = ['alpha', 'beta', 'gamma', 'delta'] as const;
const WORKLOADS = 'ou-loca-workload';

let org: LocalOrg;

beforeAll(async () => {
  org = await startLocalOrg({
    homeRegion: 'eu-west-1',
    regions: REGIONS,
    members: [...READABLE, 'echo', 'foxtrot'].map((name) => ({ name })),
  });
  const organizations = org.client(OrganizationsClient, org.organization.master.id);
  for (const name of READABLE) {
    await createAdministratorRole(org, idOf(org, name));
    const [DestinationParentId, SourceParentId] = [WORKLOADS, 'r-loca'];
    if (name !== 'delta')
      await organizations.send(
        new MoveAccountCommand({ AccountId: idOf(org, name), SourceParentId, DestinationParentId }),
      );
    for (const region of REGIONS) await createBuckets(name, region);
  }
  // echo has no role; that of foxtrot trusts somebody else.
  await createAdministratorRole(org, idOf(org, 'foxtrot'), idOf(org, 'alpha'));
  await org.whenIdle();
});
afterAll(async () => {
  await org.stop();
});
afterEach(() => org.faults(() => undefined));

/** A versioned and an unversioned bucket. */
const createBuckets = async (name: string, region: string) => {
  const s3 = org.client(S3Client, idOf(org, name), region);
  const CreateBucketConfiguration =
    region === 'us-east-1' ? undefined : { LocationConstraint: 'eu-west-1' as const };
  for (const kind of ['plain', 'versioned'])
    await s3.send(
      new CreateBucketCommand({ Bucket: `${kind}-${name}-${region}`, CreateBucketConfiguration }),
    );
  await s3.send(
    new PutBucketVersioningCommand({
      Bucket: `versioned-${name}-${region}`,
      VersioningConfiguration: { Status: 'Enabled' },
    }),
  );
};

const VERSIONING = ['--rule', 'S3_ENABLE_VERSIONING'];

test('scan judges six accounts in two Regions, and names the two that refuse', async () => {
  const { code, stdout, stderr } = await runCli(
    ['scan', '--organization', ...VERSIONING, '--rule', 'IAM_SET_PASSWORD_MIN_LENGTH', '--format', 'ndjson'],
    { cwd: await temporaryFolder(), env: environmentIn(org) },
  );
  const rows = rowsIn(stdout);
  for (const name of READABLE) {
    const own = rows.filter(({ accountId }) => accountId === idOf(org, name));
    expect(
      own
        .map(({ region, resourceId, complianceType }) => `${region} ${resourceId} ${complianceType}`)
        .toSorted(),
    ).toEqual([
      `eu-west-1 ${idOf(org, name)} NON_COMPLIANT`,
      `eu-west-1 plain-${name}-eu-west-1 NON_COMPLIANT`,
      `eu-west-1 versioned-${name}-eu-west-1 COMPLIANT`,
      `us-east-1 plain-${name}-us-east-1 NON_COMPLIANT`,
      `us-east-1 versioned-${name}-us-east-1 COMPLIANT`,
    ]);
  }
  for (const name of ['echo', 'foxtrot']) {
    expect(rows.filter(({ accountId }) => accountId === idOf(org, name))).toEqual([
      {
        accountId: idOf(org, name),
        complianceType: 'INSUFFICIENT_DATA',
        annotation: expect.stringContaining('Cannot assume role') as string,
      },
    ]);
    expect(stderr).toMatch(
      new RegExp(`^refused: ${idOf(org, name)} \\(${name}\\): Cannot assume role .+compliance-evaluate`, 'm'),
    );
  }
  expect(stderr).toMatch(/^accounts: 5 scanned, 2 refused$/m);
  expect(code).toBe(3);
});

test('a role of an administrator reads only, whatever the role allows', async () => {
  const before = org.calls.latest().length;
  const all = await runCli(
    ['scan', '--organization', '--accounts', 'alpha', '--format', 'ndjson', '--stats'],
    {
      cwd: await temporaryFolder(),
      env: environmentIn(org),
    },
  );
  expect(all.stderr).toMatch(/^accounts: 1 scanned$/m);
  expect(all.stderr).toMatch(/^S3 +\d+ +0$/m);
  expect(new Set(rowsIn(all.stdout).map(({ accountId }) => accountId))).toEqual(
    new Set([idOf(org, 'alpha')]),
  );
  const operations = org.calls
    .latest()
    .slice(before)
    .map(({ service, operation }) => `${service}:${operation}`);
  expect(operations).toContain('sts:AssumeRole');
  expect(operations.filter((name) => /:(?:Put|Create|Delete|Update|Attach)/.test(name))).toEqual([]);
});

test('scan prints a summary of many accounts by rule and by unit', async () => {
  const { code, stdout, stderr } = await runCli(
    [
      'scan',
      '--organization',
      ...VERSIONING,
      '--exclude',
      'echo',
      '--exclude',
      'foxtrot',
      '--exclude',
      'master',
    ],
    { cwd: await temporaryFolder(), env: environmentIn(org) },
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'accounts: 4 scanned\n' });
  expect(stdout).toMatch(/^low +S3_ENABLE_VERSIONING +8 +4$/m);
  expect(stdout).toMatch(new RegExp(`^Root/${WORKLOADS} +3 +6 +0 +0$`, 'm'));
  expect(stdout).toContain('8 non-compliant, 8 compliant, 0 not applicable.');
});

test('scan takes the accounts of a unit, of a file and of the settings', async () => {
  const accounts = ['beta', 'gamma'].map((name) => ({ id: idOf(org, name), name }));
  const settings = {
    organization: {
      masterAccountId: org.organization.master.id,
      externalId: 'not-a-secret',
      homeRegion: 'eu-west-1',
      regions: ['eu-west-1'],
    },
    accounts,
  };
  const cwd = await temporaryFolder({
    'accounts.txt': `# two\n${idOf(org, 'alpha')} first\n${idOf(org, 'beta')}\n`,
    'settings.yaml': JSON.stringify(settings),
  });
  const scanned = async (...args: string[]) => {
    const { stdout } = await runCli(['scan', ...args, ...VERSIONING, '--format', 'ndjson'], {
      cwd,
      env: environmentIn(org),
    });
    return [...new Set(rowsIn(stdout).map(({ accountId }) => accountId))].toSorted();
  };
  const ids = (...names: string[]) => names.map((name) => idOf(org, name)).toSorted();
  expect(await scanned('--organization', '--ou', WORKLOADS)).toEqual(ids('alpha', 'beta', 'gamma'));
  expect(await scanned('--organization', '--ou', `Root/${WORKLOADS}`, '--exclude', 'b*')).toEqual(
    ids('alpha', 'gamma'),
  );
  expect(await scanned('--organization', 'accounts.txt')).toEqual(ids('alpha', 'beta'));
  expect(await scanned('--organization', 'settings', '--settings', 'settings.yaml')).toEqual(
    ids('beta', 'gamma'),
  );
});

test('a service refused in an account, a Region denied and a suspended account are named, and fail nothing else', async () => {
  const organizations = org.client(OrganizationsClient, org.organization.master.id);
  const { CreateAccountStatus } = await organizations.send(
    new CreateAccountCommand({ AccountName: 'golf', Email: 'golf@example.com' }),
  );
  await organizations.send(new CloseAccountCommand({ AccountId: CreateAccountStatus?.AccountId }));
  org.faults(({ accountId, service, region }) => {
    if (accountId === idOf(org, 'alpha') && service === 's3') return 'deny';
    return accountId === idOf(org, 'beta') &&
      region === 'us-east-1' &&
      service !== 'sts' &&
      service !== 'account'
      ? 'deny'
      : undefined;
  });
  const { code, stdout, stderr } = await runCli(
    [
      'scan',
      '--organization',
      ...VERSIONING,
      '--rule',
      'EC2_RESTRICT_ADMIN_PORTS_IPV4',
      '--format',
      'ndjson',
      ...['alpha', 'beta', 'gamma', 'golf'].flatMap((name) => ['--accounts', name]),
    ],
    { cwd: await temporaryFolder(), env: environmentIn(org) },
  );
  expect(code).toBe(3);
  expect(stderr).toMatch(
    new RegExp(
      `^service refused: s3 \\(S3_ENABLE_VERSIONING\\) in ${idOf(org, 'alpha')} \\(alpha\\) eu-west-1: `,
      'm',
    ),
  );
  expect(stderr).toMatch(new RegExp(`^Region denied in ${idOf(org, 'beta')} \\(beta\\) us-east-1: `, 'm'));
  expect(stderr).toMatch(/^suspended: \d{12} \(golf\): The account is suspended\.$/m);
  expect(stderr).toMatch(/^accounts: 3 scanned, 1 suspended$/m);
  const judged = rowsIn(stdout).filter(({ complianceType }) => complianceType !== 'INSUFFICIENT_DATA');
  const places = new Set(judged.map(({ accountId, region, command }) => `${accountId} ${region} ${command}`));
  expect(places).toContain(`${idOf(org, 'alpha')} us-east-1 EC2_RESTRICT_ADMIN_PORTS_IPV4`);
  expect(places).toContain(`${idOf(org, 'beta')} eu-west-1 S3_ENABLE_VERSIONING`);
  expect(places).not.toContain(`${idOf(org, 'beta')} us-east-1 S3_ENABLE_VERSIONING`);
});

test('a delegated administrator is told that the role of the management account does not trust it', async () => {
  const { code, stderr } = await runCli(['scan', '--organization', '--accounts', 'beta', ...VERSIONING], {
    cwd: await temporaryFolder(),
    env: environmentIn(org, idOf(org, 'alpha')),
  });
  expect(code).toBe(3);
  expect(stderr).toContain(
    `OrganizationAccountAccessRole trusts the management account ${org.organization.master.id}, not the delegated administrator ${idOf(org, 'alpha')}`,
  );
});

test('the report of an organization and its CSV have all of its accounts', async () => {
  const cwd = await temporaryFolder();
  const selection = [...VERSIONING, '--ou', WORKLOADS, '--fail-on', 'low'];
  const page = await runCli(
    ['scan', '--organization', ...selection, '--format', 'html', '--out', 'report.html'],
    { cwd, env: environmentIn(org) },
  );
  expect(page).toMatchObject({ code: 1, stdout: '' });
  const html = await readFile(join(cwd, 'report.html'), 'utf8');
  for (const name of ['alpha', 'beta', 'gamma']) expect(html).toContain(name);
  const csv = await runCli(['scan', '--organization', ...selection, '--format', 'csv'], {
    cwd,
    env: environmentIn(org),
  });
  const [head, ...rows] = csv.stdout.trim().split('\n');
  expect(head).toMatch(/^accountId,region,command/);
  expect(rows).toHaveLength(12);
  const json = await runCli(['scan', '--organization', ...selection, '--json'], {
    cwd,
    env: environmentIn(org),
  });
  expect(JSON.parse(json.stdout)).toHaveLength(12);
});

test('worker threads find what one thread finds', async () => {
  const scanned = async (jobs: string) => {
    const args = [
      'scan',
      '--organization',
      '--ou',
      WORKLOADS,
      ...VERSIONING,
      '--format',
      'ndjson',
      '--jobs',
      jobs,
    ];
    const { code, stdout, stderr } = await runCli(args, {
      cwd: await temporaryFolder(),
      env: environmentIn(org),
    });
    expect({ code, stderr }).toEqual({ code: 0, stderr: 'accounts: 3 scanned\n' });
    return rowsIn(stdout)
      .map(({ accountId, resourceId, complianceType }) => `${accountId} ${resourceId} ${complianceType}`)
      .toSorted();
  };
  const alone = await scanned('1');
  expect(alone).toHaveLength(12);
  expect(await scanned('2')).toEqual(alone);
});

test('a scan that stopped is continued: whole accounts are kept, the others are scanned again', async () => {
  const cwd = await temporaryFolder();
  const resumable = ['scan', '--organization', ...VERSIONING, '--format', 'ndjson', '--out', 'found.ndjson'];
  const readable = READABLE.flatMap((name) => ['--accounts', name]);
  const options = { cwd, env: environmentIn(org) };
  // echo refuses, so that the scan is not complete and can be continued.
  await runCli([...resumable, ...readable, '--accounts', 'echo'], options);
  const file = join(cwd, 'found.ndjson');
  const whole = rowsIn(await readFile(file, 'utf8')).filter(
    ({ accountId }) => accountId !== idOf(org, 'echo'),
  );
  // As a power cut leaves it: the last account is not marked as complete, and half a row is written.
  const progress = (await readFile(`${file}.progress`, 'utf8')).trim().split('\n');
  expect(progress).toHaveLength(5);
  await writeFile(`${file}.progress`, `${progress.slice(0, -1).join('\n')}\n{"acc`);
  await appendFile(file, '{"accountId":"1111');
  const other = await runCli(
    [...resumable, ...readable, '--resume', '--rule', 'KMS_ENABLE_KEY_ROTATION'],
    options,
  );
  expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('other rules, Regions') as string });
  const resumed = await runCli([...resumable, ...readable, '--resume'], options);
  expect(resumed).toMatchObject({ code: 0, stderr: 'accounts: 1 scanned\n' });
  const textOf = (rows: readonly Row[]) =>
    rows
      .map(({ accountId, resourceId, complianceType }) => `${accountId} ${resourceId} ${complianceType}`)
      .toSorted();
  expect(textOf(rowsIn(await readFile(file, 'utf8')))).toEqual(textOf(whole));
  expect(await runCli([...resumable, ...readable, '--resume'], options)).toMatchObject({ code: 2 });
});

test.each([
  { format: 'ndjson', parse: rowsIn },
  { format: 'json', parse: (text: string) => JSON.parse(text) as readonly Row[] },
])('after Ctrl-C the $format is whole, and says which accounts are not', async ({ format, parse }) => {
  const cwd = await temporaryFolder();
  const two = ['--accounts', 'alpha', '--accounts', 'beta'];
  const interrupt = new AbortController();
  // Retries keep beta busy until the process hears the interrupt.
  let refusals = 0;
  org.faults(({ accountId, service }) => {
    if (accountId !== idOf(org, 'beta') || service !== 's3') return undefined;
    interrupt.abort();
    refusals += 1;
    return refusals <= 3 ? 'throttle' : undefined;
  });
  const { code, signal, stderr } = await runCli(
    ['scan', '--organization', ...two, ...VERSIONING, '--jobs', '1', '--format', format, '--out', 'found'],
    { cwd, env: environmentIn(org), interrupt: interrupt.signal },
  );
  expect({ code, signal }).toEqual({ code: 3, signal: null });
  expect(stderr).toMatch(/^error: the scan stopped: Interrupted\.(?: Continue with --resume\.)?$/m);
  const rows = parse(await readFile(join(cwd, 'found'), 'utf8'));
  expect(rows).toContainEqual({
    accountId: idOf(org, 'beta'),
    complianceType: 'INSUFFICIENT_DATA',
    annotation: 'Not scanned, or only in part: the scan stopped. Interrupted.',
  });
});

test('a full disk ends the scan, threads or not', async () => {
  const args = ['scan', '--organization', '--ou', WORKLOADS, ...VERSIONING, '--format', 'csv'];
  for (const jobs of ['1', '2'])
    expect(
      await runCli([...args, '--jobs', jobs, '--out', '/dev/full'], {
        cwd: await temporaryFolder(),
        env: environmentIn(org),
      }),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('Cannot write /dev/full: ENOSPC') as string,
    });
});

test('an option of many accounts needs --organization, and a filter that selects nothing is refused', async () => {
  const options = { cwd: await temporaryFolder(), env: environmentIn(org) };
  expect(await runCli(['scan', '--ou', 'Root/None'], options)).toMatchObject({
    code: 2,
    stderr: 'error: --ou is of a scan of many accounts. Use --organization with it.\n',
  });
  const none = await runCli(['scan', '--organization', '--accounts', 'nobody'], options);
  expect(none).toMatchObject({ code: 2, stderr: "error: No account has the id or name 'nobody'.\n" });
});
