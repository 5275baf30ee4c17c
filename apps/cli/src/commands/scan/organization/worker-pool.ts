import { explain, type Account, type SessionOptions } from '@compliance/core/scan';
import type { AwsCredentialIdentity } from '@smithy/types';
import { setFlagsFromString } from 'node:v8';
import { Worker } from 'node:worker_threads';

import type { ScanPlan, TargetEnd, TargetEvents } from './scan-target.ts';
import { receivedError, sentError } from './sent-error.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';

export interface WorkerPool {
  /** Scans an account in the worker that has the fewest. @throws {Error} when the worker ends before the account does */
  readonly scan: (
    account: Account,
    credentials: SessionOptions['credentials'],
    events: TargetEvents,
  ) => Promise<TargetEnd>;
  readonly stop: () => void;
  readonly close: () => Promise<void>;
}

interface Task extends TargetEvents {
  readonly credentials: SessionOptions['credentials'];
  readonly resolve: (end: TargetEnd) => void;
  readonly reject: (error: unknown) => void;
}

interface Member {
  readonly worker: Worker;
  readonly tasks: Map<number, Task>;
}

const ENTRY = new URL('./worker.js', import.meta.url);

/**
 * Scans accounts in worker threads, for the SDK is bound by its own computing. A worker that crashes costs its accounts,
 * and another takes its place.
 */
export const createWorkerPool = (jobs: number, plan: ScanPlan, entry: URL = ENTRY): WorkerPool => {
  const members = new Set<Member>();
  let tasks = 0;
  let isClosing = false;
  // V8 would begin each thread with 1 MB for new objects, and collect them sixteen times as often; and it would let the
  // old ones of each grow to four times what is in use.
  setFlagsFromString('--min-semi-space-size=16');
  setFlagsFromString('--heap-growing-percent=150');

  const hire = (): Member => {
    const start: WorkerStart = { plan };
    const member: Member = { worker: new Worker(entry, { workerData: start }), tasks: new Map() };
    members.add(member);
    const dismiss = (why: string) => {
      members.delete(member);
      for (const task of member.tasks.values()) task.reject(new Error(`The worker ended: ${why}`));
      member.tasks.clear();
    };
    member.worker.on('message', (message: FromWorker) => void receive(member, message));
    member.worker.on('error', (error) => dismiss(explain(error)));
    member.worker.on('exit', (code) => {
      if (!isClosing) dismiss(`exit code ${code}.`);
    });
    return member;
  };

  return {
    scan: (account, credentials, events) =>
      new Promise((resolve, reject) => {
        const [idlest] = [...members].toSorted((a, b) => a.tasks.size - b.tasks.size);
        const member = idlest && (members.size >= jobs || idlest.tasks.size === 0) ? idlest : hire();
        tasks += 1;
        member.tasks.set(tasks, { ...events, credentials, resolve, reject });
        tell(member, { type: 'scan', task: tasks, account });
      }),
    stop: () => {
      for (const member of members) tell(member, { type: 'stop' });
    },
    close: async () => {
      isClosing = true;
      await Promise.all([...members].map(({ worker }) => worker.terminate()));
    },
  };
};

const tell = ({ worker }: Member, message: ToWorker): void => {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, no window.
  worker.postMessage(message);
};

const receive = async (member: Member, message: FromWorker): Promise<void> => {
  const task = member.tasks.get(message.task);
  if (!task) return;
  const settle = () => member.tasks.delete(message.task);
  switch (message.type) {
    case 'findings':
      try {
        await task.onFindings(message.findings);
        tell(member, { type: 'written', request: message.request });
      } catch (error) {
        settle();
        task.reject(error);
      }
      return;
    case 'unreadable':
      task.onUnreadable(message.unreadable);
      return;
    case 'calls':
      task.onCalls(message.calls);
      return;
    case 'credentials':
      try {
        tell(member, {
          type: 'credentials',
          request: message.request,
          identity: await identityOf(task.credentials),
        });
      } catch (error) {
        tell(member, { type: 'no-credentials', request: message.request, error: sentError(error) });
      }
      return;
    case 'end':
      settle();
      task.resolve(message.end);
      return;
    case 'failed':
      settle();
      task.reject(receivedError(message.error));
      return;
    default:
      throw new Error(`Unknown message ${JSON.stringify(message satisfies never)}`);
  }
};

const identityOf = async (credentials: SessionOptions['credentials']): Promise<AwsCredentialIdentity> => {
  const { accessKeyId, secretAccessKey, sessionToken, expiration } =
    typeof credentials === 'function' ? await credentials() : credentials;
  // A copy: the SDK's own identities hold what a message cannot.
  return {
    accessKeyId,
    secretAccessKey,
    ...(sessionToken !== undefined && { sessionToken }),
    ...(expiration && { expiration }),
  };
};
