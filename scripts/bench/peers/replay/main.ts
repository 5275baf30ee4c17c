/** Records the calls of a program to the emulator, or answers them as recorded, in a process of its own. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs';
import { Agent, createServer, request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';

import { MISSING_OPERATIONS } from './missing-operations.ts';
import type { CallCounts, Reply, Request } from './protocol.ts';
import {
  atHomeOfTrail,
  callKey,
  operationOf,
  OWN_ADDRESS,
  pathOf,
  SELF,
  type CallHead,
  type Recorded,
} from './recorded.ts';

/** Answers a call; `undefined` when nothing is known of it. */
type Answering = (request: CallHead, body: string) => Promise<Recorded | undefined>;

let answer: Answering = async () => undefined;
let finish = () => {};

let calls = 0;
let failed = new Map<string, number>();
let unknown: string[] = [];
let usedBefore = process.cpuUsage();

const keptHeaders = (headers: IncomingMessage['headers']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      ['connection', 'date', 'content-length', 'transfer-encoding', 'server', 'keep-alive'].includes(name)
        ? []
        : [[name, String(value)]],
    ),
  );

const supplied = (request: CallHead, body: string): Recorded | undefined => {
  const answered = MISSING_OPERATIONS[operationOf(request, body)];
  return answered && { key: callKey(request, body), status: 200, ...answered };
};

const record = (upstream: string, file: string): Answering => {
  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const out = openSync(file, 'w');
  finish = () => closeSync(out);
  const ask = async (request: CallHead, body: string): Promise<Omit<Recorded, 'key'>> => {
    const { method, headers } = request;
    const answered = await new Promise<IncomingMessage>((resolve, reject) => {
      send(`${upstream}${pathOf(request)}`, { method, headers, agent }, resolve)
        .on('error', reject)
        .end(body, 'latin1');
    });
    return {
      status: answered.statusCode ?? 500,
      headers: keptHeaders(answered.headers),
      body: (await buffer(answered)).toString('latin1').replaceAll(OWN_ADDRESS, SELF),
    };
  };
  return async (request, body) => {
    const recorded = supplied(request, body) ?? {
      key: callKey(request, body),
      ...(await ask(request, body)),
    };
    writeSync(out, `${JSON.stringify(recorded)}\n`);
    return recorded;
  };
};

/** Equal calls are answered in the order in which they were recorded; more of them, as the last one. */
const replay = (file: string, latencyMs: number): Answering => {
  const byKey = Map.groupBy(
    readFileSync(file, 'utf8')
      .trimEnd()
      .split('\n')
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- this program wrote it.
      .map((line) => JSON.parse(line) as Recorded),
    ({ key }) => key,
  );
  finish = () => {};
  return async (request, body) => {
    const due = performance.now() + latencyMs;
    const answers = byKey.get(callKey(request, body));
    const recorded =
      supplied(request, body) ?? (answers && answers.length > 1 ? answers.shift() : answers?.[0]);
    await sleep(Math.max(0, due - performance.now()));
    return recorded;
  };
};

const serve = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
  const body = (await buffer(incoming)).toString('latin1');
  const request = atHomeOfTrail(incoming, body);
  calls += 1;
  const recorded = await answer(request, body);
  if (!recorded) unknown.push(callKey(request, body).slice(0, 300));
  const { status, headers, body: text } = recorded ?? { status: 501, headers: {}, body: '' };
  if (status >= 500) {
    const operation = operationOf(request, body);
    failed.set(operation, (failed.get(operation) ?? 0) + 1);
  }
  const bytes = Buffer.from(text.replaceAll(SELF, String(incoming.headers.host)), 'latin1');
  response.writeHead(status, { ...headers, 'content-length': bytes.length }).end(bytes);
};

const counts = (): CallCounts => {
  const { user, system } = process.cpuUsage(usedBefore);
  const counted = { calls, failed: Object.fromEntries(failed), unknown, cpuMs: (user + system) / 1000 };
  calls = 0;
  failed = new Map();
  unknown = [];
  return counted;
};

const server = createServer(
  (request, response) =>
    void serve(request, response).catch((error: unknown) => {
      console.error(error);
      response.destroy();
    }),
);
server.keepAliveTimeout = 60_000;
// A program that is told to use this server as its proxy asks here for hosts outside of AWS.
server.on('connect', ({ url }: IncomingMessage, socket) => {
  unknown.push(String(url));
  socket.destroy();
});

const reply = (message: Reply) => process.send?.(message);
process.on('message', (message: Request) => {
  switch (message.type) {
    case 'record':
      answer = record(message.upstream, message.file);
      counts();
      return reply({ type: 'done' });
    case 'replay':
      answer = replay(message.file, message.latencyMs);
      counts();
      usedBefore = process.cpuUsage();
      return reply({ type: 'done' });
    case 'end':
      finish();
      return reply({ type: 'counts', counts: counts() });
    default:
      throw new Error(`Unknown request ${JSON.stringify(message satisfies never)}`);
  }
});
// The bench has ended.
process.on('disconnect', () => server.close(() => process.exit()).closeAllConnections());

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) reply({ type: 'ready', port: address.port });
});
