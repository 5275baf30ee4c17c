import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { request, type RequestListener } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { brotliDecompressSync } from 'node:zlib';

import {
  CreateBucketCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { AccountId, auditEvent } from '@compliance/core';
import { emulatedAccount, serve } from '@compliance/core/testing';
import { parseOverview, type Overview } from '@compliance/dashboard-data';
import { dashboardBucket } from '@compliance/infra';
import { folderLedger } from '@compliance/ledger';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';

import { environmentOf } from './environment-of.ts';
import { MAIN } from './main.ts';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from './temporary-folder.ts';

const ACCOUNT = '111122223333';

let data: string;

/** The data of an organization with one violation, as `state build` writes it. */
beforeAll(async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'compliance-dashboard-'));
  const now = new Date();
  await folderLedger(join(cwd, 'ledger')).append([
    auditEvent(
      {
        type: 'resource-evaluated',
        command: 'S3_ENABLE_VERSIONING',
        accountId: AccountId.parse(ACCOUNT),
        region: 'eu-west-1',
        resource: { resourceType: 'AWS::S3::Bucket', resourceId: 'logs' },
        trigger: 'change',
        complianceType: 'NON_COMPLIANT',
        orderingTime: now.toISOString(),
      },
      now,
      now,
    ),
  ]);
  const built = await runCli(['state', 'build', '--ledger', 'ledger', '--out', 'data'], { cwd });
  if (built.code !== 0) throw new Error(built.stderr);
  data = join(cwd, 'data');
  return () => rm(cwd, { recursive: true });
});

const filesIn = async (folder: string) => {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .filter((name) => !name.startsWith('state/'));
};

/** A bucket of an account of the emulator. */
const bucketOf = async (name: (accountId: string) => string) => {
  const { admin, accountId } = await emulatedAccount();
  const client = admin.client(S3Client);
  const Bucket = name(accountId);
  await client.send(
    new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }),
  );
  return { client, Bucket, accountId, env: await environmentOf(accountId) };
};

/** The data of an organization below a prefix of a bucket. */
const dataInBucket = async () => {
  const there = await bucketOf((accountId) => `state-${accountId}`);
  for (const name of await filesIn(data))
    await there.client.send(
      new PutObjectCommand({
        Bucket: there.Bucket,
        Key: `data/${name}`,
        Body: await readFile(join(data, name)),
      }),
    );
  return { ...there, place: `s3://${there.Bucket}/data` };
};

/** Runs `compliance dashboard` until the end of the test; returns the address that it prints, and what it says. */
const serveDashboard = async (args: readonly string[], env: Readonly<Record<string, string>>) => {
  const child = spawn(process.execPath, [MAIN, 'dashboard', ...args], {
    env: { PATH: process.env['PATH'], HOME: '/nonexistent', AWS_REGION: 'eu-west-1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(child, 'close');
  const end = async () => {
    child.kill();
    await ended;
  };
  onTestFinished(end);
  const said = { text: '' };
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.text += text));
  const { value: url } = await createInterface(child.stdout)[Symbol.asyncIterator]().next();
  if (url === undefined) throw new Error(`It ended: ${said.text}`);
  return { url, said, end };
};

describe('the dashboard of a bucket', () => {
  test('is served with the credentials of the person who asks', async () => {
    const { place, env, accountId } = await dataInBucket();
    const { url } = await serveDashboard([place, '--bucket-owner', accountId], env);
    const overview = await fetch(`${url}overview.json`);
    expect(await overview.text()).toBe(await readFile(join(data, 'overview.json'), 'utf8'));
    expect((await fetch(`${url}account/0.json`)).status).toBe(200);
    const part = await fetch(`${url}verdicts.parquet`, { headers: { range: 'bytes=-4' } });
    expect([part.status, await part.text()]).toEqual([206, 'PAR1']);
    // The page is there, and what the data does not have is missing.
    expect(await (await fetch(url)).text()).toContain('<div id="page">');
    expect((await fetch(`${url}account/7.json`)).status).toBe(404);
  });
  test('can be one file', async () => {
    const { place, env } = await dataInBucket();
    const cwd = await temporaryFolder();
    expect(await runCli(['dashboard', place, '--single-file', 'board.html'], { cwd, env })).toMatchObject({
      code: 0,
    });
    expect(await readFile(join(cwd, 'board.html'), 'utf8')).toContain('data-keys="overview.json');
  });
  test('that has no data, or does not exist, is named', async () => {
    const { Bucket, env } = await bucketOf((accountId) => `empty-${accountId}`);
    expect(await runCli(['dashboard', `s3://${Bucket}/data`], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('overview.json is missing'),
    });
    expect(await runCli(['dashboard', 's3://nobody-has-this-one/data'], { env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('No bucket nobody-has-this-one.'),
    });
  });
  test('that belongs to another account than the person names is not read', async () => {
    const overview = await readFile(join(data, 'overview.json'), 'utf8');
    const env = fakeAws(await serve(s3Of('111122223333', overview)));
    const args = ['dashboard', 's3://example-state/data', '--single-file', 'board.html', '--bucket-owner'];
    const { code, stdout, stderr } = await runCli([...args, '999999999999'], { env });
    expect([code, stdout]).toEqual([3, '']);
    expect(stderr).toContain('in a bucket of account 999999999999');
  });
  test('that may not be read is named, with the permission that is missing', async () => {
    const origin = await serve((_, response) => {
      response.writeHead(403, { 'content-type': 'application/xml' });
      response.end(ACCESS_DENIED);
    });
    const { code, stderr } = await runCli(['dashboard', 's3://example-state/data'], { env: fakeAws(origin) });
    expect(code).toBe(3);
    expect(stderr).toContain(
      's3://example-state/data/overview.json may not be read: it needs s3:GetObject, and s3:ListBucket',
    );
  });
  test('that may not be read any more is an error of that file alone, and is said where it was started', async () => {
    const overview = await readFile(join(data, 'overview.json'));
    const origin = await serve((asked, response) => {
      const isOverview = asked.url?.startsWith('/example-state/data/overview.json');
      response.writeHead(isOverview ? 200 : 403, { 'content-type': 'application/xml' });
      response.end(isOverview ? overview : ACCESS_DENIED);
    });
    const { url, said } = await serveDashboard(['s3://example-state/data'], fakeAws(origin));
    expect((await fetch(`${url}overview.json`)).status).toBe(200);
    expect((await fetch(`${url}account/0.json`)).status).toBe(500);
    await expect.poll(() => said.text).toContain('data/account/0.json may not be read');
  });
  test('that slows down is asked again', async () => {
    const overview = await readFile(join(data, 'overview.json'));
    const asked = { times: 0 };
    const origin = await serve((_, response) => {
      asked.times += 1;
      const isSlow = asked.times <= 3;
      response.writeHead(isSlow ? 503 : 200, { 'content-type': 'application/xml' });
      response.end(isSlow ? '<Error><Code>SlowDown</Code><Message>Reduce.</Message></Error>' : overview);
    });
    const { url } = await serveDashboard(['s3://example-state/data'], fakeAws(origin));
    expect((await fetch(`${url}overview.json`)).status).toBe(200);
    expect(asked.times).toBe(5);
  });
});

describe('what another page in the same browser tries', () => {
  /** What a browser sends: `fetch` would not let us name a host. */
  const ask = (url: string, headers: Readonly<Record<string, string>>, method = 'GET') =>
    new Promise<{ status: number | undefined; body: string; headers: object }>((resolve, reject) => {
      const { hostname, port, pathname } = new URL(url);
      request({ hostname, port, path: `${pathname}overview.json`, method, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (text: string) => (body += text));
        response.on('end', () => resolve({ status: response.statusCode, body, headers: response.headers }));
      })
        .on('error', reject)
        .end();
    });

  test('reads nothing: by a rebound name, another port, another origin, without the token, or by preflight', async () => {
    const { url } = await serveDashboard([data], {});
    const { host, port, origin } = new URL(url);
    expect((await ask(url, {})).status).toBe(200);
    expect((await ask(url, { origin })).status).toBe(200);
    for (const headers of [
      // The name of an attacker, bound to 127.0.0.1 after the page was loaded.
      { host: `attacker.example:${port}` },
      { host: `localhost:${port}` },
      { host: '127.0.0.1' },
      { host: `127.0.0.1:${Number(port) + 1}` },
      { host: `[::1]:${port}` },
      { host, origin: `http://attacker.example:${port}` },
      { host, origin: `https://${host}` },
      { host, origin: 'null' },
      { host, 'sec-fetch-site': 'cross-site' },
      { host, 'sec-fetch-site': 'same-site' },
    ])
      expect([headers, await ask(url, headers)]).toMatchObject([headers, { status: 403, body: '' }]);
    for (const path of ['', `${'A'.repeat(32)}/`, 'overview.json', '%2e%2e/'])
      expect((await ask(`${origin}/${path}`, {})).body).toBe('');
    const preflight = await ask(
      url,
      { origin: 'http://attacker.example', 'access-control-request-method': 'GET' },
      'OPTIONS',
    );
    expect(preflight.status).toBe(405);
    expect(Object.keys(preflight.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
  });
  test('has another token to guess at each start', async () => {
    const [first, second] = await Promise.all([serveDashboard([data], {}), serveDashboard([data], {})]);
    const tokens = [first, second].map(({ url }) => new URL(url).pathname);
    expect(new Set(tokens).size).toBe(2);
    for (const token of tokens) expect(token).toMatch(/^\/[\w-]{32}\/$/);
  });
});

describe('events since the snapshot', () => {
  const violation = (resourceId: string, time: Date) =>
    auditEvent(
      {
        type: 'resource-evaluated',
        command: 'S3_ENABLE_VERSIONING',
        accountId: AccountId.parse(ACCOUNT),
        region: 'eu-west-1',
        resource: { resourceType: 'AWS::S3::Bucket', resourceId },
        trigger: 'change',
        complianceType: 'NON_COMPLIANT',
        orderingTime: time.toISOString(),
      },
      time,
      time,
    );
  /** A ledger with one violation more than the data has. */
  const laterLedger = async () => {
    const ledger = join(await temporaryFolder(), 'later');
    await folderLedger(ledger).append([violation('added', new Date())]);
    return ledger;
  };
  const overviewOf = async (url: string) => parseOverview(await (await fetch(`${url}overview.json`)).text());
  const violating = ({ accountCounts }: Overview) =>
    accountCounts.violating.reduce((sum, one) => sum + one, 0);

  test('are added for this start alone, and the view is as of then', async () => {
    const before = parseOverview(await readFile(join(data, 'overview.json'), 'utf8'));
    const snapshot = await readFile(join(data, 'state/snapshot.json'), 'utf8');
    const startedAt = Math.floor(Date.now() / 1000);
    const { url } = await serveDashboard([data, '--ledger', await laterLedger()], {});
    const after = await overviewOf(url);
    expect([violating(before), violating(after)]).toEqual([1, 2]);
    expect(after.asOf).toBeGreaterThanOrEqual(startedAt);
    expect(await (await fetch(`${url}account/0.json`)).text()).toContain('"added"');
    expect(await readFile(join(data, 'state/snapshot.json'), 'utf8')).toBe(snapshot);
    expect(parseOverview(await readFile(join(data, 'overview.json'), 'utf8'))).toEqual(before);
  });
  test('leave nothing behind when the dashboard ends', async () => {
    const temporary = await temporaryFolder();
    const { end } = await serveDashboard([data, '--ledger', await laterLedger()], { TMPDIR: temporary });
    const left = async () =>
      (await readdir(temporary)).filter((name) => name.startsWith('compliance-dashboard-'));
    expect(await left()).toHaveLength(1);
    await end();
    expect(await left()).toEqual([]);
  });
  test('need a state, a recent one, in a folder', async () => {
    const ledger = await laterLedger();
    const alone = await temporaryFolder({
      'overview.json': await readFile(join(data, 'overview.json'), 'utf8'),
    });
    const old = await temporaryFolder();
    await cp(data, old, { recursive: true });
    const manifest = z
      .looseObject({ until: z.number() })
      .parse(JSON.parse(await readFile(join(old, 'state/snapshot.json'), 'utf8')));
    await writeFile(
      join(old, 'state/snapshot.json'),
      JSON.stringify({ ...manifest, until: manifest.until - 10 * 86_400_000 }),
    );
    for (const [place, message] of [
      [alone, 'No state in'],
      [old, 'is 10 days old; events of at most 7 are added'],
      ['s3://example-state/data', 'Events are added to a folder'],
    ] as const)
      expect(await runCli(['dashboard', place, '--ledger', ledger])).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringContaining(message),
      });
  });
});

describe('publishing', () => {
  test('without --apply nothing is written; with it, exactly the page and its data', async () => {
    const { client, Bucket, env } = await bucketOf(dashboardBucket);
    const cwd = await temporaryFolder();
    const publish = (...flags: readonly string[]) =>
      runCli(['dashboard', data, '--publish', ...flags], { cwd, env });
    const keys = async () =>
      (await client.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key) ?? [];

    const shown = await publish();
    expect(shown).toMatchObject({ code: 0, stderr: '' });
    expect(shown.stdout).toMatch(
      /^s3:\/\/compliance-dashboard-\d+: \d+ files to write, 0 to delete\. Nothing/,
    );
    expect(await keys()).toEqual([]);

    // Of an account that left since.
    await client.send(new PutObjectCommand({ Bucket, Key: 'account/9.json', Body: '{}' }));
    expect((await publish('--apply')).stdout).toMatch(/: \d+ files written, 1 deleted\.\n$/);
    const page = ['icon.svg', 'index.html', 'page.css', 'page.js', 'search.js'];
    expect(await keys()).toEqual([...(await filesIn(data)), ...page].toSorted());
    const overview = await client.send(new GetObjectCommand({ Bucket, Key: 'overview.json' }));
    expect(overview).toMatchObject({
      ContentType: 'application/json',
      ContentEncoding: 'br',
      CacheControl: 'no-store',
    });
    const bytes = (await overview.Body?.transformToByteArray()) ?? new Uint8Array();
    expect(brotliDecompressSync(bytes).toString()).toBe(await readFile(join(data, 'overview.json'), 'utf8'));
    const large = await client.send(new HeadObjectCommand({ Bucket, Key: 'verdicts.parquet' }));
    expect(large.ContentEncoding).toBeUndefined();
    expect((await publish()).stdout).toContain(', 0 to delete.');
  });
  test('a bucket that has something else, or belongs to somebody else, is not touched', async () => {
    const { client, Bucket, env } = await bucketOf((accountId) => `other-${accountId}`);
    await client.send(new PutObjectCommand({ Bucket, Key: 'invoices/2026.pdf', Body: 'pdf' }));
    const cwd = await temporaryFolder();
    const publish = (as: Readonly<Record<string, string>>) =>
      runCli(['dashboard', data, '--publish', `s3://${Bucket}`, '--apply'], { cwd, env: as });
    const envOfStranger = fakeAws(await serve(s3Of('111122223333', '')));
    expect(await publish(env)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('also has invoices/2026.pdf, which is of no dashboard'),
    });
    expect(await publish(envOfStranger)).toMatchObject({
      code: 3,
      stderr: expect.stringContaining('belongs to another account than'),
    });
    const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(KeyCount).toBe(1);
  });
  test('a website is not taken for a dashboard', async () => {
    const { client, Bucket, env } = await bucketOf((accountId) => `website-${accountId}`);
    for (const Key of ['index.html', 'style.css'])
      await client.send(new PutObjectCommand({ Bucket, Key, Body: 'mine' }));
    const cwd = await temporaryFolder();
    expect(
      await runCli(['dashboard', data, '--publish', `s3://${Bucket}`, '--apply'], { cwd, env }),
    ).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('also has index.html, which is of no dashboard'),
    });
    const { KeyCount } = await client.send(new ListObjectsV2Command({ Bucket }));
    expect(KeyCount).toBe(2);
  });
  test('the deployment without a hosted dashboard, and flags that do not go together, are named', async () => {
    const { accountId } = await emulatedAccount();
    const env = await environmentOf(accountId);
    const cwd = await temporaryFolder();
    expect(await runCli(['dashboard', data, '--publish'], { cwd, env })).toMatchObject({
      code: 2,
      stderr: expect.stringContaining(
        `No bucket ${dashboardBucket(accountId)}. Set dashboard in compliance.yaml`,
      ),
    });
    for (const flags of [['--apply'], ['--publish', '--single-file', 'x.html'], ['--redact']])
      expect((await runCli(['dashboard', data, ...flags], { cwd, env })).code).toBe(2);
  });
});

const ACCESS_DENIED = '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>';

/** A bucket of an account, with the answers of S3; the caller is of another one. */
const s3Of =
  (owner: string, content: string): RequestListener =>
  ({ method, headers }, response) => {
    if (method === 'POST')
      return response.end(
        '<GetCallerIdentityResponse><GetCallerIdentityResult><Account>222233334444</Account>' +
          '<Arn>arn:aws:iam::222233334444:user/ada</Arn><UserId>A</UserId></GetCallerIdentityResult></GetCallerIdentityResponse>',
      );
    const isRefused = headers['x-amz-expected-bucket-owner'] !== owner;
    response.writeHead(isRefused ? 403 : 200, { 'content-type': 'application/xml' });
    return response.end(isRefused ? ACCESS_DENIED : content);
  };

const fakeAws = (origin: string) => ({
  AWS_ENDPOINT_URL: origin,
  AWS_ACCESS_KEY_ID: 'test',
  AWS_SECRET_ACCESS_KEY: 'test',
});
