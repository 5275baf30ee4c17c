import { MINUTE_MS } from '../base/faults.ts';
import type { Door, Run } from '../world/run.ts';
import { createInstance, type Instance } from './functions.ts';
import type { Stage } from './stage.ts';

interface Invocation {
  readonly door: Door;
  readonly input: unknown;
  readonly action?: string;
  readonly executionId?: string;
  readonly isForged?: boolean;
}

/** How an invocation ended, for its caller. */
export type Ended =
  | { readonly answer: unknown }
  | { readonly error: unknown }
  /** The run was killed, or Lambda ended it at its time-out. */
  | { readonly killed: true };

export type Invoke = (invocation: Invocation) => Promise<Ended>;

/** The functions' time-out, which is Lambda's longest. */
const TIMEOUT_MS = 15 * MINUTE_MS;

const KILL_RATE = 0.25;
/** A run has about so many effects before it is killed at the latest. */
const LATEST_KILL = 35;

/** Lambda: each invocation gets an instance of its own; what was not killed serves the next one. */
export const createLambda = (stage: Stage): Invoke => {
  const { random, scheduler, counts } = stage;
  const { now } = scheduler.clock;
  const idle: Instance[] = [];
  const kills = new Map<Run, () => void>();
  const kill = (run: Run) => {
    run.isDead = true;
    counts.kills += 1;
    kills.get(run)?.();
  };

  return async ({ door, input, action, executionId, isForged = false }) => {
    counts.runs += 1;
    const instance = idle.pop() ?? createInstance(stage, kill);
    const run: Run = {
      door,
      requestId: `request-${counts.runs}`,
      isForged,
      endsAt: new Date(now().getTime() + TIMEOUT_MS),
      killAt: !stage.isHealed && random.chance(KILL_RATE) ? 1 + random.below(LATEST_KILL) : Infinity,
      isLastDone: random.chance(0.5),
      effects: 0,
      isDead: false,
      ...(action !== undefined && { action }),
      ...(executionId !== undefined && { executionId }),
    };
    instance.run = run;
    const killed = Promise.withResolvers<Ended>();
    kills.set(run, () => killed.resolve({ killed: true }));
    scheduler.at(run.endsAt, () => {
      if (kills.has(run)) kill(run);
    });
    const ended = await Promise.race([
      killed.promise,
      instance.handle(input).then(
        (answer): Ended => ({ answer }),
        (error: unknown): Ended => ({ error }),
      ),
    ]);
    kills.delete(run);
    if (!run.isDead) idle.push(instance);
    return ended;
  };
};
