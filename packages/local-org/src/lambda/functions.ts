import { randomUUID } from 'node:crypto';

import {
  createRecords,
  type FunctionLogLine,
  type Invocation,
  type InvocationFailure,
  type Records,
} from '../base/invocation.ts';
import type { OrgEvents } from '../base/org-event.ts';
import type { FunctionConfiguration, FunctionConfigurations } from './function-configurations.ts';
import type { FunctionTarget } from './function-name.ts';
import { fingerprintOf, type FunctionWorkerDependencies, startFunctionWorker } from './function-worker.ts';
import { createPool, type Pool } from './pool.ts';
import type { Worker } from './worker.ts';

export interface FunctionsDependencies extends FunctionWorkerDependencies {
  readonly configurations: FunctionConfigurations;
  readonly events: OrgEvents;
  /** Waits on the clock of the local organization. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  /** Worker processes of one function. */
  readonly maxWorkers: number;
}

export interface Functions {
  readonly invoke: (target: FunctionTarget, payload: string) => Promise<Invocation>;
  /** Retries as Lambda does; resolves with the last error if all attempts failed. */
  readonly invokeAsynchronously: (target: FunctionTarget, payload: string) => Promise<string | undefined>;
  /** @throws {AwsError} ResourceNotFoundException */
  readonly assertExists: (target: FunctionTarget) => Promise<void>;
  readonly invocations: () => readonly Invocation[];
  readonly failures: () => readonly InvocationFailure[];
  readonly logs: () => readonly FunctionLogLine[];
  readonly worker: (id: string) => { readonly worker: Worker; readonly functionName: string } | undefined;
  readonly stop: () => void;
}

const RETRY_DELAYS_MS = [60_000, 120_000];

interface FunctionsContext extends FunctionsDependencies {
  readonly pools: Map<string, Pool>;
  readonly invocations: Records<Invocation>;
  readonly failures: Records<InvocationFailure>;
  readonly log: (line: FunctionLogLine) => void;
  readonly isStopped: () => boolean;
}

/** Runs each function in its own processes. */
export const createFunctions = (deps: FunctionsDependencies): Functions => {
  let stopped = false;
  const logs = createRecords<FunctionLogLine>(10_000);
  const context: FunctionsContext = {
    ...deps,
    pools: new Map<string, Pool>(),
    invocations: createRecords<Invocation>(2000),
    failures: createRecords<InvocationFailure>(2000),
    log: (line) => {
      logs.add(line);
      deps.events.emit({ type: 'FunctionLogged', ...line });
    },
    isStopped: () => stopped,
  };
  const { pools, invocations, failures } = context;

  return {
    invoke: async (target, payload) =>
      runAttempt(context, target, payload, {
        invocationType: 'RequestResponse',
        attempt: 1,
        requestId: randomUUID(),
      }),
    invokeAsynchronously: async (target, payload) => invokeAsynchronously(context, target, payload),
    assertExists: async (target) => {
      await deps.configurations.read(target);
    },
    invocations: invocations.all,
    failures: failures.all,
    logs: logs.all,
    worker: (id) => {
      for (const [key, pool] of pools) {
        const worker = pool.workers().find((candidate) => candidate.id === id);
        if (worker !== undefined) return { worker, functionName: key.split(':')[6] ?? '' };
      }
      return undefined;
    },
    stop: () => {
      stopped = true;
      for (const pool of pools.values()) for (const worker of pool.workers()) worker.kill();
      pools.clear();
    },
  };
};

type AttemptOptions = Pick<Invocation, 'invocationType' | 'attempt' | 'requestId'>;

const runAttempt = async (
  context: FunctionsContext,
  target: FunctionTarget,
  payload: string,
  options: AttemptOptions,
): Promise<Invocation> => {
  if (context.isStopped()) throw new Error('The local organization is stopped.');
  const configuration = await context.configurations.read(target);
  const pool = poolOf(context, target, configuration);
  const startedAt = performance.now();
  const { worker, cold } = await pool.acquire(fingerprintOf(configuration), {
    reservedConcurrency: configuration.reservedConcurrency,
    isEvent: options.invocationType === 'Event',
  });
  try {
    const { requestId } = options;
    const result = await worker.invoke(
      { type: 'invoke', requestId, event: payload, invokedFunctionArn: target.invokedArn, deadlineMs: 0 },
      configuration.timeoutSeconds,
    );
    const hasFailed = result.type === 'error';
    const invocation: Invocation = {
      ...options,
      functionArn: target.invokedArn,
      functionName: target.name,
      event: JSON.parse(payload),
      milliseconds: Math.round(performance.now() - startedAt),
      cold,
      payload: hasFailed ? JSON.stringify(result.error) : result.payload,
      ...(hasFailed ? { functionError: 'Unhandled' } : {}),
    };
    context.invocations.add(invocation);
    const { functionName, milliseconds } = invocation;
    const error = hasFailed ? { error: result.error.errorMessage } : {};
    context.events.emit({ type: 'FunctionEnded', functionName, requestId, milliseconds, cold, ...error });
    return invocation;
  } finally {
    pool.release(worker);
  }
};

const poolOf = (
  context: FunctionsContext,
  target: FunctionTarget,
  { version }: FunctionConfiguration,
): Pool => {
  const { pools, configurations, maxWorkers, log } = context;
  const key = `${target.arn}:${version}`;
  const pool =
    pools.get(key) ??
    createPool(maxWorkers, async () =>
      startFunctionWorker(context, target, await configurations.read(target), log),
    );
  pools.set(key, pool);
  return pool;
};

const invokeAsynchronously = async (
  context: FunctionsContext,
  target: FunctionTarget,
  payload: string,
): Promise<string | undefined> => {
  const requestId = randomUUID();
  let attempt = 0;
  let error = '';
  let retries = 0;
  do {
    attempt += 1;
    const result = await tryOnce(async () =>
      runAttempt(context, target, payload, { invocationType: 'Event', attempt, requestId }),
    );
    if (result.error === undefined) return undefined;
    ({ error } = result);
    retries = result.final ? 0 : (await context.configurations.read(target)).maximumRetryAttempts;
    if (attempt <= retries) await context.sleep(RETRY_DELAYS_MS[attempt - 1] ?? 0);
  } while (attempt <= retries);
  const failure: InvocationFailure = {
    functionArn: target.invokedArn,
    event: JSON.parse(payload),
    attempts: attempt,
    error,
  };
  context.failures.add(failure);
  context.events.emit({ type: 'InvocationFailed', failure });
  return error;
};

type AttemptResult = { readonly error?: undefined } | { readonly error: string; readonly final: boolean };

/** An error of the function is retried; a refusal by AWS to run it is final. */
const tryOnce = async (run: () => Promise<Invocation>): Promise<AttemptResult> => {
  try {
    const invocation = await run();
    return invocation.functionError === undefined ? {} : { error: invocation.payload, final: false };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), final: true };
  }
};
