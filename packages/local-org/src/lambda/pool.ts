import { awsError } from '../protocol/aws-error.ts';
import type { Worker } from './worker.ts';

/** The execution environments of one function. */
export interface Pool {
  /**
   * Returns an idle worker with this fingerprint, or a new one. Events wait for a free worker (in AWS for hours);
   * synchronous invocations do not.
   * @throws TooManyRequestsException beyond the reserved concurrency
   */
  readonly acquire: (
    fingerprint: string,
    limits: { readonly reservedConcurrency: number | undefined; readonly isEvent: boolean },
  ) => Promise<{ readonly worker: Worker; readonly cold: boolean }>;
  readonly release: (worker: Worker) => void;
  readonly workers: () => readonly Worker[];
}

/** Role credentials expire after an hour; a worker is replaced before. */
const WORKER_MAX_AGE_MS = 30 * 60 * 1000;

/** @param maxWorkers concurrent processes on this machine; further invocations wait */
export const createPool = (maxWorkers: number, start: (fingerprint: string) => Promise<Worker>): Pool => {
  const idle: Worker[] = [];
  const busy = new Set<Worker>();
  const waiting: (() => void)[] = [];
  let starting = 0;

  const isUsable = (worker: Worker, fingerprint: string): boolean =>
    worker.isAlive() &&
    worker.fingerprint === fingerprint &&
    Date.now() - worker.startedAt < WORKER_MAX_AGE_MS;

  const takeIdle = (fingerprint: string): Worker | undefined => {
    for (let worker = idle.pop(); worker !== undefined; worker = idle.pop()) {
      if (isUsable(worker, fingerprint)) return worker;
      // It has older code or settings, is too old, or has ended.
      worker.kill();
    }
    return undefined;
  };

  const startNew = async (fingerprint: string): Promise<Worker> => {
    starting += 1;
    try {
      return await start(fingerprint);
    } catch (error) {
      waiting.shift()?.();
      throw error;
    } finally {
      starting -= 1;
    }
  };

  return {
    acquire: async (fingerprint, { reservedConcurrency = Infinity, isEvent }) => {
      const running = (): number => busy.size + starting;
      if (reservedConcurrency === 0 || (running() >= reservedConcurrency && !isEvent)) throw throttled();
      while (running() >= Math.min(maxWorkers, reservedConcurrency)) {
        await new Promise<void>((resolve) => {
          waiting.push(resolve);
        });
      }
      const warm = takeIdle(fingerprint);
      const worker = warm ?? (await startNew(fingerprint));
      busy.add(worker);
      return { worker, cold: warm === undefined };
    },
    release: (worker) => {
      busy.delete(worker);
      if (worker.isAlive()) idle.push(worker);
      waiting.shift()?.();
    },
    workers: () => [...idle, ...busy],
  };
};

const throttled = () =>
  awsError(
    'TooManyRequestsException',
    'Rate Exceeded. Reason: ReservedFunctionConcurrentInvocationLimitExceeded',
    429,
  );
