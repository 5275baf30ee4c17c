import type { IncomingMessage, ServerResponse } from 'node:http';
import { readAll } from '../emulator/upstream.ts';
import type { RawReply, RawRequest } from '../protocol/call.ts';

export const readRequest = async (incoming: IncomingMessage): Promise<RawRequest> => {
  const [path = '/', query = ''] = (incoming.url ?? '/').split('?', 2);
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(query),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, [value].flat().join(',')]],
      ),
    ),
    body: await readAll(incoming),
  };
};

export const sendReply = (outgoing: ServerResponse, { status, headers, body }: RawReply): void => {
  // A HEAD reply keeps the content-length of the body that it omits.
  const length = outgoing.req.method === 'HEAD' ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  outgoing.writeHead(status, { ...headers, ...length });
  outgoing.end(outgoing.req.method === 'HEAD' ? undefined : body);
};
