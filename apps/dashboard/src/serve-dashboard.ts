import { randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

import { isDataKey, PAGE_HEADERS, VERDICTS_KEY } from '@compliance/dashboard-data';

import type { ByteRange, DataSource } from './data-source.ts';
import { ENCODERS } from './encoders.ts';
import { readPageFiles, type PageFile } from './page-files.ts';

/** A running dashboard. */
export interface Served {
  /** With the token of this start: who does not have it reads nothing. */
  readonly url: string;
  readonly close: () => Promise<void>;
}

export interface ServeOptions {
  /** Absent: a free one. */
  readonly port?: number;
  readonly files?: ReadonlyMap<string, PageFile>;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

/**
 * Serves the page and the data on 127.0.0.1, on a free port.
 * Other pages in the same browser, also by rebinding DNS, read nothing: each request needs the token in its path, our own
 * host, and our own origin if it names any. It only answers GET for a fixed list of keys.
 */
export const serveDashboard = async (
  source: DataSource,
  { port = 0, files = readPageFiles() }: ServeOptions = {},
): Promise<Served> => {
  const token = randomBytes(24).toString('base64url');
  const server = createServer((request, response) => {
    const { address, port: bound } = addressOf(server.address());
    answer(request, { files, source, token, host: `${address}:${bound}` }).then(
      (each) => send(response, each),
      (error: unknown) => {
        console.error(
          `${source.place} could not be read: ${error instanceof Error ? error.message : String(error)}`,
        );
        send(response, { status: 500 });
      },
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${addressOf(server.address()).port}/${token}/`,
    close: () =>
      new Promise((resolve, reject) => {
        server.closeAllConnections();
        server.close((error) => (error ? reject(error) : resolve()));
      }),
  };
};

const addressOf = (address: ReturnType<ReturnType<typeof createServer>['address']>) => {
  if (address === null || typeof address === 'string')
    throw new Error('The server does not listen on a port.');
  return address;
};

interface Context {
  readonly files: ReadonlyMap<string, PageFile>;
  readonly source: DataSource;
  readonly token: string;
  readonly host: string;
}

const answer = async (request: IncomingMessage, { files, source, token, host }: Context): Promise<Answer> => {
  if (request.method !== 'GET') return { status: 405, headers: { allow: 'GET' } };
  if (!isOurs(request, host)) return { status: 403 };
  const target = URL.parse(request.url ?? '/', `http://${host}`);
  if (target?.host !== host) return { status: 400 };
  const [, given = '', ...rest] = target.pathname.split('/');
  if (!isSame(given, token)) return { status: 403 };
  // The page asks for its files beside itself.
  if (rest.length === 0) return { status: 301, headers: { location: `/${token}/` } };
  const key = rest.join('/');
  const file = files.get(key === '' ? 'index.html' : key);
  if (file) return compressed(request, file.type, file.bytes);
  if (!isDataKey(key)) return { status: 404 };
  if (key === VERDICTS_KEY) return partOf(source, key, request.headers.range);
  const text = await source.read(key);
  return text === undefined ? { status: 404 } : compressed(request, 'application/json', Buffer.from(text));
};

/** A browser names the host that it believes to speak to, and the origin of the page that asks. */
const isOurs = ({ headers }: IncomingMessage, host: string): boolean =>
  headers.host === host &&
  (headers.origin === undefined || headers.origin === `http://${host}`) &&
  ['same-origin', 'none', undefined].includes(headers['sec-fetch-site']?.toString());

const isSame = (given: string, token: string): boolean => {
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
};

const compressed = ({ headers }: IncomingMessage, type: string, bytes: Uint8Array): Answer => {
  const accepted = headers['accept-encoding']?.split(/\s*,\s*/) ?? [];
  const encoding = (['br', 'gzip'] as const).find((name) => accepted.includes(name));
  return {
    status: 200,
    headers: { 'content-type': type, ...(encoding && { 'content-encoding': encoding }) },
    body: encoding ? ENCODERS[encoding](bytes) : bytes,
  };
};

/** More at once is not asked for by a search. */
const MAX_PART = 16 * 1024 * 1024;

const partOf = async (source: DataSource, key: string, header: string | undefined): Promise<Answer> => {
  const range = rangeOf(header);
  if (!range) return { status: 416 };
  const part = await source.readRange(key, range);
  if (!part) return { status: 404 };
  const { start, bytes, size } = part;
  if (bytes.length === 0) return { status: 416, headers: { 'content-range': `bytes */${size}` } };
  return {
    status: 206,
    headers: {
      'content-type': 'application/octet-stream',
      'content-range': `bytes ${start}-${start + bytes.length - 1}/${size}`,
    },
    body: bytes,
  };
};

/** `bytes=0-99` or `bytes=-100`; `undefined` where nothing can be in it. */
const rangeOf = (header: string | undefined): ByteRange | undefined => {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return undefined;
  if (from === '') return Number(to) === 0 ? undefined : { start: -Math.min(Number(to), MAX_PART) };
  const start = Number(from);
  if (!Number.isSafeInteger(start) || (to !== '' && Number(to) < start)) return undefined;
  return { start, end: Math.min(to === '' ? Infinity : Number(to) + 1, start + MAX_PART) };
};

const send = (response: ServerResponse, { status, headers = {}, body }: Answer): void => {
  response.writeHead(status, { ...PAGE_HEADERS, ...headers });
  response.end(body);
};
