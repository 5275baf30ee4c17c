import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RawReply, RawRequest } from '../protocol/call.ts';

/** The connection from the gateway to the emulator. */
export interface Upstream {
  readonly url: string;
  /** Forwards a request on behalf of the account. */
  readonly forward: (request: RawRequest, accountId: string) => Promise<RawReply>;
}

const agent = new http.Agent({ keepAlive: true, maxSockets: 32 });
const ATTEMPTS = 4;

export const createUpstream = (url: string): Upstream => ({
  url,
  forward: async (request, accountId) => {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await send(url, request, accountId);
      } catch (cause) {
        if (attempt === ATTEMPTS || !isRetryable(request, cause)) {
          throw new Error(`The AWS emulator did not answer: ${request.method} ${request.path} at ${url}.`, {
            cause,
          });
        }
        await sleep(20 * attempt);
      }
    }
  },
});

/** Only reads are retried: a call whose reply was lost may have been executed. */
const isRetryable = ({ method, headers, query, body }: RawRequest, cause: unknown): boolean => {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  if (code === 'ECONNREFUSED') return true;
  const operation =
    headers['x-amz-target']?.split('.').at(-1) ??
    query.get('Action') ??
    /(?:^|&)Action=(\w+)/.exec(body.toString('latin1', 0, 4096))?.[1];
  const reads =
    operation === undefined
      ? method === 'GET' || method === 'HEAD'
      : /^(Describe|Get|List|Head|Query|Scan)/.test(operation);
  return reads && (code === 'ECONNRESET' || code === 'EPIPE');
};

const NOT_FORWARDED = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'host',
  'content-length',
  'expect',
  // The emulator ignores these, and they are a third of what it would have to parse.
  'user-agent',
  'x-amz-user-agent',
  'amz-sdk-invocation-id',
  'amz-sdk-request',
  'x-amz-security-token',
]);

const send = async (
  url: string,
  { method, path, query, headers, body }: RawRequest,
  accountId: string,
): Promise<RawReply> => {
  const { hostname, port, host } = new URL(url);
  const forwarded = Object.entries(headers).filter(([name]) => !NOT_FORWARDED.has(name));
  const search = query.size === 0 ? '' : `?${query.toString()}`;
  const outgoing = http.request({
    agent,
    hostname,
    port,
    method,
    path: `${path}${search}`,
    // The emulator selects the account by this header, not by the access key.
    headers: {
      ...Object.fromEntries(forwarded),
      host,
      'content-length': body.length,
      'x-moto-account-id': accountId,
    },
  });
  const { promise, resolve, reject } = Promise.withResolvers<http.IncomingMessage>();
  outgoing.on('response', resolve);
  outgoing.on('error', reject);
  outgoing.end(body);
  const incoming = await promise;
  const content = await readAll(incoming);
  return {
    type: 'raw',
    status: incoming.statusCode ?? 502,
    headers: replyHeaders(incoming.headers),
    body: content,
  };
};

const replyHeaders = (headers: http.IncomingHttpHeaders): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || name === 'connection' || name === 'transfer-encoding'
        ? []
        : [[name, [value].flat().join(', ')]],
    ),
  );

/** Reads the whole body of a message. */
export const readAll = async (message: http.IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
};
