// A worker thread: scans accounts with a copy of the plan. Roles are assumed, and results written, in the main thread.
import { loadRule } from '@compliance/registry';
import type { AwsCredentialIdentity } from '@smithy/types';
import { parentPort, workerData } from 'node:worker_threads';

import { scanTarget } from './scan-target.ts';
import { receivedError, sentError } from './sent-error.ts';
import type { FromWorker, ToWorker, WorkerStart } from './worker-messages.ts';

if (!parentPort) throw new Error('worker.js is a worker thread of compliance scan.');
const port = parentPort;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the pool starts the worker with exactly this.
const { plan } = workerData as WorkerStart;
const rules = Promise.all(plan.commands.map(loadRule));
const stopping = new AbortController();

interface Waiting {
  readonly resolve: (identity: AwsCredentialIdentity) => void;
  readonly reject: (error: Error) => void;
}
const credentials = new Map<number, Waiting>();
const writes = new Map<number, () => void>();
let requests = 0;

const send = (message: FromWorker): void => port.postMessage(message);

const scan = async (task: number, account: Extract<ToWorker, { type: 'scan' }>['account']): Promise<void> => {
  try {
    const end = await scanTarget({
      account,
      plan,
      rules: await rules,
      signal: stopping.signal,
      credentials: () =>
        new Promise((resolve, reject) => {
          requests += 1;
          credentials.set(requests, { resolve, reject });
          send({ type: 'credentials', task, request: requests });
        }),
      onFindings: (findings) =>
        new Promise((resolve) => {
          if (findings.length === 0) return resolve();
          requests += 1;
          writes.set(requests, resolve);
          send({ type: 'findings', task, request: requests, findings });
        }),
      onCalls: (calls) => send({ type: 'calls', task, calls }),
      onUnreadable: (unreadable) => send({ type: 'unreadable', task, unreadable }),
    });
    send({ type: 'end', task, end });
  } catch (error) {
    send({ type: 'failed', task, error: sentError(error) });
  }
};

port.on('message', (message: ToWorker) => {
  switch (message.type) {
    case 'scan':
      void scan(message.task, message.account);
      return;
    case 'credentials':
      credentials.get(message.request)?.resolve(message.identity);
      credentials.delete(message.request);
      return;
    case 'no-credentials':
      credentials.get(message.request)?.reject(receivedError(message.error));
      credentials.delete(message.request);
      return;
    case 'written':
      writes.get(message.request)?.();
      writes.delete(message.request);
      return;
    case 'stop':
      stopping.abort();
      return;
    default:
      throw new Error(`Unknown message ${JSON.stringify(message satisfies never)}`);
  }
});
