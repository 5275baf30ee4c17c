import { fork } from 'node:child_process';
import { join } from 'node:path';

import { repliesOf } from '../../replies-of.ts';
import type { CallCounts, Reply, Request } from './protocol.ts';

export interface Replay {
  readonly url: string;
  readonly ask: (request: Exclude<Request, { type: 'end' }>) => Promise<void>;
  readonly end: () => Promise<CallCounts>;
  readonly stop: () => void;
}

/** Starts the server that records calls and answers them as recorded. */
export const startReplay = async (): Promise<Replay> => {
  const child = fork(join(import.meta.dirname, 'main.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const nextReply = repliesOf<Reply>(child, 'The replay');
  const ready = await nextReply();
  if (ready.type !== 'ready') throw new Error(`The replay did not start: it sent '${ready.type}'.`);
  const tell = async (request: Request): Promise<Reply> => {
    const replied = nextReply();
    child.send(request);
    return replied;
  };
  return {
    url: `http://127.0.0.1:${ready.port}`,
    ask: async (request) => void (await tell(request)),
    end: async () => {
      const reply = await tell({ type: 'end' });
      if (reply.type !== 'counts') throw new Error(`The replay did not count: it sent '${reply.type}'.`);
      return reply.counts;
    },
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
};
