import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import type { FunctionError, InvokeMessage, WorkerMessage } from './worker-messages.ts';

/** The result of one invocation: JSON text, or the error that Lambda reports. */
type InvocationResult =
  | { readonly type: 'result'; readonly payload: string }
  | { readonly type: 'error'; readonly error: FunctionError };

/** A process that runs one invocation at a time, like an execution environment of Lambda. */
export interface Worker {
  readonly id: string;
  readonly fingerprint: string;
  readonly startedAt: number;
  readonly isAlive: () => boolean;
  readonly invoke: (message: InvokeMessage, timeoutSeconds: number) => Promise<InvocationResult>;
  /** Kills the process at once, like a crash. */
  readonly kill: () => void;
}

export interface WorkerOptions {
  readonly id: string;
  readonly fingerprint: string;
  readonly folder: string;
  readonly handler: string;
  readonly memoryMb: number;
  readonly environment: Readonly<Record<string, string>>;
  readonly onLine: (stream: 'stdout' | 'stderr', line: string, requestId: string | undefined) => void;
}

const BOOTSTRAP = fileURLToPath(new URL('./bootstrap.ts', import.meta.url));
/** Lambda gives a function ten seconds to load. */
const INIT_SECONDS = 10;
/** The share of the memory for JavaScript's old space. */
const HEAP_SHARE = 0.85;

export const startWorker = (options: WorkerOptions): Worker => {
  const { id, fingerprint, folder, handler, memoryMb, environment, onLine } = options;
  const heap = `--max-old-space-size=${Math.floor(memoryMb * HEAP_SHARE)}`;
  const child = spawn(process.execPath, [heap, BOOTSTRAP, folder, handler], {
    cwd: folder,
    // Only this environment, nothing of the parent's.
    env: { ...environment },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let requestId: string | undefined;
  for (const stream of ['stdout', 'stderr'] as const) {
    const output = child[stream];
    if (output !== null)
      createInterface({ input: output }).on('line', (line) => onLine(stream, line, requestId));
  }

  let ready: Promise<InvocationResult> | undefined = nextResult(child, 'init', INIT_SECONDS);

  return {
    id,
    fingerprint,
    startedAt: Date.now(),
    // A killed process exists for a moment longer; its channel may close a moment before it ends.
    isAlive: () => child.connected && !child.killed,
    kill: () => {
      child.kill('SIGKILL');
    },
    invoke: async (message, timeoutSeconds) => {
      requestId = message.requestId;
      const loaded = await ready;
      ready = undefined;
      if (loaded?.type === 'error') {
        child.kill('SIGKILL');
        return loaded;
      }
      // The time limit starts when the handler does.
      const result = nextResult(child, message.requestId, timeoutSeconds);
      child.send({ ...message, deadlineMs: Date.now() + timeoutSeconds * 1000 }, () => {
        // Ignore a failed send: the process has ended, and its exit is the result.
      });
      return result;
    },
  };
};

/** Waits for the next message of the process, its exit or the timeout. */
const nextResult = async (
  child: ChildProcess,
  awaited: string,
  timeoutSeconds: number,
): Promise<InvocationResult> =>
  new Promise((resolve) => {
    const finish = (result: InvocationResult): void => {
      clearTimeout(timer);
      child.off('message', onMessage).off('exit', onExit);
      resolve(result);
    };
    const onMessage = (message: WorkerMessage): void => {
      finish(resultOf(message));
    };
    const onExit = (code: number | null, signal: string | null): void => {
      const how = code === null ? `signal: ${signal ?? 'unknown'}` : `exit status ${code}`;
      finish(failure('Runtime.ExitError', `RequestId: ${awaited} Error: Runtime exited with error: ${how}`));
    };
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      const limit = `Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
      finish(failure('Sandbox.Timedout', `RequestId: ${awaited} Error: ${limit}`));
    }, timeoutSeconds * 1000);
    child.on('message', onMessage).on('exit', onExit);
    if (child.exitCode !== null || child.signalCode !== null) onExit(child.exitCode, child.signalCode);
  });

const resultOf = (message: WorkerMessage): InvocationResult => {
  switch (message.type) {
    case 'ready':
      return { type: 'result', payload: 'null' };
    case 'result':
      return { type: 'result', payload: message.payload };
    case 'error':
    case 'init-failed':
      return { type: 'error', error: message.error };
    default:
      throw new Error(`Unknown message of a function's process: ${JSON.stringify(message satisfies never)}`);
  }
};

const failure = (errorType: string, errorMessage: string): InvocationResult => ({
  type: 'error',
  error: { errorType, errorMessage },
});
