import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text as textOf } from 'node:stream/consumers';

import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';

import { proposeSettings } from '../propose-settings.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

const Body = z.looseObject({
  sha: z.string().optional(),
  content: z.string().optional(),
  branch: z.string().optional(),
  title: z.string().optional(),
  body: z.string().optional(),
});

/** A stateful fake of a repository with one branch `main`, which refuses writes with a status other than 200. */
const fakeRepository = async (settings: string, status = 200) => {
  const branches = new Map([['main', settings]]);
  const issues: { number: number; title: string; body: string; html_url: string }[] = [];
  const calls: string[] = [];
  const answerTo = (method: string, path: string, body: z.infer<typeof Body>): [number, unknown] => {
    if (method !== 'GET' && status !== 200) return [status, { message: 'Resource not accessible' }];
    if (path.startsWith('/git/ref/')) return [200, { object: { sha: 'commit' } }];
    if (method === 'GET' && path.startsWith('/contents/'))
      return [200, { sha: 'file', content: Buffer.from(branches.get('main') ?? '').toString('base64') }];
    if (method === 'PATCH' && path.startsWith('/git/refs/')) {
      if (!branches.has('reconcile')) return [422, { message: 'Reference does not exist' }];
      branches.set('reconcile', settings);
      return [200, {}];
    }
    if (path === '/git/refs') {
      branches.set('reconcile', settings);
      return [201, {}];
    }
    if (method === 'PUT') {
      branches.set(body.branch ?? '', Buffer.from(body.content ?? '', 'base64').toString('utf8'));
      return [200, {}];
    }
    if (method === 'GET') return [200, issues];
    const number = Number(/\/issues\/(\d+)$/.exec(path)?.[1] ?? issues.length + 1);
    const before = issues.find((issue) => issue.number === number);
    const held = {
      number,
      title: body.title ?? before?.title ?? '',
      body: body.body ?? '',
      html_url: `https://example.test/issues/${number}`,
    };
    issues.splice(number - 1, 1, held);
    return [200, held];
  };
  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const body = await textOf(request);
    const path = (request.url ?? '').replace('/repos/o/r', '');
    calls.push(`${request.method} ${path.split('?')[0]}`);
    const parsed = Body.parse(body === '' ? {} : JSON.parse(body));
    const [code, answer] = answerTo(request.method ?? '', path, parsed);
    response.writeHead(code).end(JSON.stringify(answer));
  };
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((ready) => {
    server.listen(0, '127.0.0.1', ready);
  });
  stops.push(() => server.close());
  // A server that listens on TCP has an address of this type.
  const { port } = server.address() as AddressInfo;
  const propose = (text: string) =>
    proposeSettings({
      apiUrl: `http://127.0.0.1:${port}`,
      serverUrl: 'https://github.test',
      token: 't',
      repository: 'o/r',
      base: 'main',
      text,
    });
  return { propose, branches, issues, calls };
};

test('changed settings become a branch and one issue that asks for the pull request', async () => {
  const { propose, branches, issues, calls } = await fakeRepository('old');
  expect(await propose('new')).toBe('https://example.test/issues/1');
  expect(await propose('newer')).toBe('https://example.test/issues/1');
  expect(Object.fromEntries(branches)).toEqual({ main: 'old', reconcile: 'newer' });
  expect(issues).toHaveLength(1);
  expect(issues[0]?.body).toContain('https://github.test/o/r/compare/main...reconcile?expand=1');
  expect(calls.filter((call) => call.includes('/pulls'))).toEqual([]);
});

test('settings that the base has already change nothing', async () => {
  const { propose, branches, issues } = await fakeRepository('same');
  await expect(propose('same')).resolves.toBeUndefined();
  expect([...branches.keys()]).toEqual(['main']);
  expect(issues).toEqual([]);
});

test('a refusal of GitHub names the permissions that the job needs', async () => {
  const { propose } = await fakeRepository('old', 403);
  await expect(propose('new')).rejects.toThrow('The job needs contents: write and issues: write.');
});
