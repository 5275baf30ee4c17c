import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { folderSource, serveDashboard, type Served } from '../src/index.ts';

const files = new Map([['index.html', { type: 'text/html', bytes: Buffer.from('<p>page</p>') }]]);

describe('the local server of the dashboard', () => {
  const folder = mkdtempSync(join(tmpdir(), 'dashboard-'));
  let served: Served;
  beforeAll(async () => {
    mkdirSync(join(folder, 'unit'));
    writeFileSync(join(folder, 'overview.json'), '{"secret":1}');
    writeFileSync(join(folder, 'other.json'), '{"secret":2}');
    writeFileSync(join(folder, 'verdicts.parquet'), '0123456789');
    served = await serveDashboard(folderSource(folder), { files });
  });
  afterAll(async () => {
    await served.close();
    rmSync(folder, { recursive: true });
  });

  it('answers the page and the data to the one that has the address', async () => {
    expect(await ask(served.url, '')).toMatchObject({ status: 200, body: '<p>page</p>' });
    expect(await ask(served.url, 'overview.json')).toMatchObject({ status: 200, body: '{"secret":1}' });
  });

  it('compresses as the browser accepts, Brotli rather than gzip', async () => {
    for (const [accepted, wanted] of [
      ['gzip, deflate, br, zstd', 'br'],
      ['gzip, deflate', 'gzip'],
      ['zstd', null],
    ] as const) {
      const answer = await fetch(`${served.url}overview.json`, { headers: { 'accept-encoding': accepted } });
      expect(answer.headers.get('content-encoding')).toBe(wanted);
      expect(await answer.text()).toBe('{"secret":1}');
    }
  });

  it('refuses a request without the token of this start', async () => {
    const other = served.url.replace(/[^/]+\/$/, `${'a'.repeat(32)}/`);
    expect(await ask(other, 'overview.json')).toMatchObject({ status: 403, body: '' });
  });

  it('refuses another host, another origin and a request from another site', async () => {
    for (const headers of [
      { host: 'attacker.example' },
      { origin: 'http://attacker.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
    ])
      expect(await ask(served.url, 'overview.json', { headers })).toMatchObject({ status: 403, body: '' });
  });

  it('answers GET alone', async () => {
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS', 'HEAD'])
      expect(await ask(served.url, 'overview.json', { method })).toMatchObject({ status: 405, body: '' });
  });

  it('answers the keys of its list alone, and nothing outside of the folder', async () => {
    for (const key of [
      'other.json',
      '../overview.json',
      'unit/..%2Foverview.json',
      'unit/1234567.json',
      'unit/0.json',
    ])
      expect((await ask(served.url, key)).body).not.toContain('secret":2');
    expect(await ask(served.url, 'other.json')).toMatchObject({ status: 404 });
    expect(await ask(served.url, 'unit/0.json')).toMatchObject({ status: 404 });
  });

  it('answers a part of the large file, and refuses to send it whole', async () => {
    const part = (range: string) => ask(served.url, 'verdicts.parquet', { headers: { range } });
    expect(await part('bytes=2-4')).toMatchObject({ status: 206, body: '234', range: 'bytes 2-4/10' });
    expect(await part('bytes=-3')).toMatchObject({ status: 206, body: '789', range: 'bytes 7-9/10' });
    expect(await ask(served.url, 'verdicts.parquet')).toMatchObject({ status: 416, body: '' });
  });

  it.each(['bytes=10-', 'bytes=99-120', 'bytes=5-2', 'bytes=-0', `bytes=${'9'.repeat(40)}-`])(
    'answers 416 to the range %s, in which nothing is',
    async (range) => {
      const answer = await ask(served.url, 'verdicts.parquet', { headers: { range } });
      expect(answer).toMatchObject({ status: 416, body: '' });
    },
  );

  it('leads from the address without its last slash to the page', async () => {
    const address = served.url.slice(0, -1);
    const { status, headers } = await fetch(address, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([301, new URL(served.url).pathname]);
    expect(await (await fetch(address)).text()).toBe('<p>page</p>');
  });

  it.each(['//', 'http://[', '//[', 'http://other.example/'])('refuses the target %s', async (path) => {
    const { hostname, port } = new URL(served.url);
    const asked = request({ hostname, port, path });
    const status = new Promise((resolve, reject) => {
      asked.on('response', (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    asked.end();
    expect(await status).toBe(400);
  });

  it('sends a policy that allows no foreign or inline script, and no frame', async () => {
    const { policy } = await ask(served.url, '');
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain('unsafe');
  });
});

interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ask = (base: string, key: string, { method = 'GET', headers = {} }: Asked = {}) =>
  new Promise<{ status: number | undefined; body: string; range: string | undefined; policy: string }>(
    (resolve, reject) => {
      const { hostname, port, pathname } = new URL(base);
      request({ hostname, port, path: `${pathname}${key}`, method, headers }, (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (text: string) => (body += text));
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            body,
            range: response.headers['content-range'],
            policy: String(response.headers['content-security-policy']),
          }),
        );
      })
        .on('error', reject)
        .end();
    },
  );
