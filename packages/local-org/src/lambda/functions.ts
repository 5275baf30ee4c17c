import { randomUUID } from 'node:crypto';

import type { OrgEvents } from '../base/org-event.ts';
import type { FunctionConfigurations } from './function-configurations.ts';
import type { FunctionTarget } from './function-name.ts';
import {
  createRecords,
  type FunctionLogLine,
  type Invocation,
  type InvocationFailure,
} from '../base/invocation.ts';
import { createPool, type Pool } from './pool.ts';
import { fingerprintOf, type FunctionWorkerDependencies, startFunctionWorker } from './function-worker.ts';
import type { Worker } from './worker.ts';

export interface FunctionsDependencies extends FunctionWorkerDependencies {
  readonly configurations: FunctionConfigurations;
  readonly events: OrgEvents;
  /** Waits as AWS would, on the clock of the local organization. */
  readonly sleep: (milliseconds: number) => Promise<void>;
  readonly maxWorkers: number;
}

export interface Functions {
  readonly invoke: (target: FunctionTarget, payload: string) => Promise<Invocation>;
  /** With Lambda's two retries; resolves with the last error, if all attempts failed. */
  readonly invokeAsynchronously: (target: FunctionTarget, payload: string) => Promise<string | undefined>;
  /** Exists and may be invoked. */
  readonly assertExists: (target: FunctionTarget) => Promise<void>;
  readonly invocations: () => readonly Invocation[];
  readonly failures: () => readonly InvocationFailure[];
  readonly logs: () => readonly FunctionLogLine[];
  readonly worker: (id: string) => { readonly worker: Worker; readonly functionName: string } | undefined;
  readonly stop: () => void;
}

const RETRY_AFTER_MS = [60_000, 120_000];

/** Runs functions in processes of their own. */
export const createFunctions = (deps: FunctionsDependencies): Functions => {
  const pools = new Map<string, Pool>();
  let stopped = false;
  const invocations = createRecords<Invocation>(2000);
  const failures = createRecords<InvocationFailure>(2000);
  const logs = createRecords<FunctionLogLine>(10_000);
  const log = (entry: FunctionLogLine): void => {
    logs.add(entry);
    deps.events.emit({ type: 'FunctionLogged', ...entry });
  };

  const attempt = async (
    target: FunctionTarget,
    payload: string,
    how: Pick<Invocation, 'invocationType' | 'attempt' | 'requestId'>,
  ): Promise<Invocation> => {
    if (stopped) throw new Error('The local organization was stopped.');
    const configuration = await deps.configurations.read(target);
    const poolKey = `${target.arn}:${configuration.version}`;
    const pool =
      pools.get(poolKey) ??
      createPool(deps.maxWorkers, async () =>
        startFunctionWorker(deps, target, await deps.configurations.read(target), log),
      );
    pools.set(poolKey, pool);
    const started = performance.now();
    const { worker, cold } = await pool.acquire(fingerprintOf(configuration), {
      reservedConcurrency: configuration.reservedConcurrency,
      isEvent: how.invocationType === 'Event',
    });
    try {
      const outcome = await worker.invoke(
        {
          type: 'invoke',
          requestId: how.requestId,
          event: payload,
          invokedFunctionArn: target.invokedArn,
          deadlineMs: 0,
        },
        configuration.timeoutSeconds,
      );
      const failed = outcome.type === 'error';
      const invocation: Invocation = {
        ...how,
        functionArn: target.invokedArn,
        functionName: target.name,
        event: JSON.parse(payload),
        milliseconds: Math.round(performance.now() - started),
        cold,
        payload: failed ? JSON.stringify(outcome.error) : outcome.payload,
        ...(failed ? { functionError: 'Unhandled' } : {}),
      };
      invocations.add(invocation);
      const { functionName, requestId, milliseconds } = invocation;
      const error = failed ? { error: outcome.error.errorMessage } : {};
      deps.events.emit({ type: 'FunctionEnded', functionName, requestId, milliseconds, cold, ...error });
      return invocation;
    } finally {
      pool.release(worker);
    }
  };

  const invokeAsynchronously: Functions['invokeAsynchronously'] = async (target, payload) => {
    const requestId = randomUUID();
    let number = 0;
    let error = '';
    let retries = 0;
    do {
      number += 1;
      const ended = await tryOnce(async () =>
        attempt(target, payload, { invocationType: 'Event', attempt: number, requestId }),
      );
      if (ended.error === undefined) return undefined;
      ({ error } = ended);
      retries = ended.final ? 0 : (await deps.configurations.read(target)).maximumRetryAttempts;
      if (number <= retries) await deps.sleep(RETRY_AFTER_MS[number - 1] ?? 0);
    } while (number <= retries);
    const failure: InvocationFailure = {
      functionArn: target.invokedArn,
      event: JSON.parse(payload),
      attempts: number,
      error,
    };
    failures.add(failure);
    deps.events.emit({ type: 'InvocationFailed', failure });
    return error;
  };

  return {
    invoke: async (target, payload) =>
      attempt(target, payload, {
        invocationType: 'RequestResponse',
        attempt: 1,
        requestId: randomUUID(),
      }),
    invokeAsynchronously,
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

type AttemptResult = { readonly error?: undefined } | { readonly error: string; readonly final: boolean };

/** A function's error is tried again; that AWS refuses to run it at all is final. */
const tryOnce = async (run: () => Promise<Invocation>): Promise<AttemptResult> => {
  try {
    const invocation = await run();
    return invocation.functionError === undefined ? {} : { error: invocation.payload, final: false };
  } catch (error) {
    return { error: error instanceof Error ? error.message : String(error), final: true };
  }
};
