import { once } from 'node:events';
import http from 'node:http';

import type { RawReply, RawRequest } from '../protocol/call.ts';
import { readRequest, sendReply } from './http-messages.ts';

/** A server of AWS calls. */
export interface Listening {
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Serves HTTP on a free port of 127.0.0.1. */
export const listen = async (dispatch: (request: RawRequest) => Promise<RawReply>): Promise<Listening> => {
  const server = http.createServer((incoming, outgoing) => {
    readRequest(incoming)
      .then(dispatch)
      .then((reply) => sendReply(outgoing, reply))
      .catch((error: unknown) => outgoing.destroy(error instanceof Error ? error : new Error(String(error))));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return {
    url: `http://127.0.0.1:${address.port}`,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};
