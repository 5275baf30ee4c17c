import { fork } from 'node:child_process';
import { join } from 'node:path';

import { accessKeyIdOf } from './fake-aws/parse-call.ts';
import type { Counts, OperationCount, Reply, Request, World } from './fake-aws/protocol.ts';
import { repliesOf } from './replies-of.ts';

/** A fake AWS on this machine, while the bench runs. */
export interface FakeAws {
  readonly become: (world: World) => Promise<void>;
  /** Keeps the state, applies the change, and resets the counts. */
  readonly recount: (change?: Partial<World>) => Promise<void>;
  readonly counts: () => Promise<Calls>;
  /** An environment in which every AWS SDK calls the fake, as a principal of this account. */
  readonly environment: (accountId: string) => Readonly<Record<string, string>>;
  readonly stop: () => void;
}

interface Calls extends Counts {
  /** The sum of all operations whose `account service:Operation` matches. */
  readonly of: (pattern: RegExp) => OperationCount;
}

export const REGION = 'eu-west-1';

export const startFakeAws = async (): Promise<FakeAws> => {
  const child = fork(join(import.meta.dirname, 'fake-aws/main.ts'), {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    // It shares the cores with what is measured: no threads that collect garbage, and less of that.
    execArgv: ['--no-parallel-scavenge', '--min-semi-space-size=16'],
  });
  const nextReply = repliesOf<Reply>(child, 'The fake AWS');
  const ready = await nextReply();
  if (ready.type !== 'ready')
    throw new Error(`The fake AWS did not start: it sent '${ready.type}' instead of its port.`);
  const ask = async (request: Request): Promise<Reply> => {
    const replied = nextReply();
    child.send(request);
    return replied;
  };
  return {
    become: async (world) => void (await ask({ type: 'become', world })),
    recount: async (change = {}) => void (await ask({ type: 'recount', change })),
    counts: async () => {
      const reply = await ask({ type: 'count' });
      if (reply.type !== 'counts')
        throw new Error(`The fake AWS did not count: it sent '${reply.type}' instead of its counts.`);
      return { ...reply.counts, of: (pattern) => addUp(reply.counts, pattern) };
    },
    environment: (accountId) => ({
      AWS_ENDPOINT_URL: `http://127.0.0.1:${ready.port}`,
      AWS_ACCESS_KEY_ID: accessKeyIdOf(accountId),
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      AWS_REGION: REGION,
      AWS_DEFAULT_REGION: REGION,
    }),
    stop: () => {
      if (child.connected) child.disconnect();
    },
  };
};

const addUp = ({ operations }: Counts, pattern: RegExp): OperationCount =>
  Object.entries(operations)
    .filter(([name]) => pattern.test(name))
    .reduce(
      (sum, [, { calls, refused, mostInFlight }]) => ({
        calls: sum.calls + calls,
        refused: sum.refused + refused,
        mostInFlight: Math.max(sum.mostInFlight, mostInFlight),
      }),
      { calls: 0, refused: 0, mostInFlight: 0 },
    );
