// Stands in for a worker thread of a scan: ends with the first account, so that the pool has to name it.
import { parentPort } from 'node:worker_threads';

parentPort?.on(
  'message',
  ({ type, task, account }: { type: string; task: number; account: { name: string } }) => {
    if (type !== 'scan') return;
    if (account.name === 'crash') throw new Error('out of memory');
    const end = { regions: [], disabledRegions: [], refusals: [], calls: {} };
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, no window.
    parentPort?.postMessage({ type: 'end', task, end });
  },
);
