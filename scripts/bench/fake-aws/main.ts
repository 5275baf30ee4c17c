/** Fakes the AWS services that an evaluation calls, in a process of its own that does not slow down the measured one. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

import type { Answer } from './answer.ts';
import { answerCall } from './answer-call.ts';
import { createCounter } from './counter.ts';
import { parseCall, type Call } from './parse-call.ts';
import type { Reply, Request } from './protocol.ts';
import { createState } from './state.ts';

const NOWHERE = { latencyMs: 0, buckets: 0, objects: {} };
let state = createState(NOWHERE);
const counter = createCounter();

let usedBefore = process.cpuUsage();

const reply = (message: Reply) => process.send?.(message);

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const { 'content-length': length, 'transfer-encoding': encoding } = request.headers;
  if (length === undefined && encoding === undefined) return '';
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  return body;
};

/** Answers a call. An unsupported one is an error of the bench: it is logged and fails the measurement. */
const answerOrComplain = (call: Call): Answer => {
  try {
    return answerCall(call, state);
  } catch (error) {
    console.error(error);
    return { status: 501, body: String(error) };
  }
};

const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const arrived = performance.now();
  const call = parseCall(request, await bodyOf(request));
  const end = counter.begin(call);
  const { status, body } = answerOrComplain(call);
  const rest = state.world.latencyMs - (performance.now() - arrived);
  if (rest > 0) await sleep(rest);
  end(status);
  const type = body.startsWith('<') ? 'text/xml' : 'application/json';
  response.writeHead(status, { 'x-amzn-requestid': 'fake', 'content-type': type }).end(body);
};

const server = createServer((request, response) => void serve(request, response));
// The default of five seconds ends sockets that a slow client still uses.
server.keepAliveTimeout = 60_000;

process.on('message', (request: Request) => {
  switch (request.type) {
    case 'become':
      state = createState(request.world);
      counter.reset();
      usedBefore = process.cpuUsage();
      return reply({ type: 'done' });
    case 'recount':
      state.world = { ...state.world, ...request.change };
      state.evaluations.length = 0;
      counter.reset();
      usedBefore = process.cpuUsage();
      return reply({ type: 'done' });
    case 'count': {
      const { user, system } = process.cpuUsage(usedBefore);
      return reply({
        type: 'counts',
        counts: {
          operations: counter.read(),
          evaluations: [...state.evaluations],
          cpuMs: (user + system) / 1000,
        },
      });
    }
    default:
      throw new Error(`Unknown request ${JSON.stringify(request satisfies never)}`);
  }
});
// The bench has ended.
process.on('disconnect', () => server.close(() => process.exit()).closeAllConnections());

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (typeof address === 'object' && address) reply({ type: 'ready', port: address.port });
});
