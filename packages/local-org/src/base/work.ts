import { setTimeout as delay } from 'node:timers/promises';

/** Tracks what runs in the background: invocations, automations, debounced reads. */
export interface Work {
  /** Runs in the background; the next `whenIdle` throws its failure. */
  readonly start: (title: string, run: () => Promise<void>) => void;
  /** Runs in the foreground; `whenIdle` waits for it as well. */
  readonly track: <T>(title: string, run: () => Promise<T>) => Promise<T>;
  /** Resolves when nothing runs. @throws naming what still runs after `withinMs`, or what failed in the background */
  readonly whenIdle: (options?: { readonly withinMs?: number }) => Promise<void>;
}

const POLL_MS = 5;

export const createWork = (): Work => {
  const running = new Map<symbol, string>();
  const failures: unknown[] = [];

  const track = async <T>(title: string, run: () => Promise<T>): Promise<T> => {
    const id = Symbol(title);
    running.set(id, title);
    try {
      return await run();
    } finally {
      running.delete(id);
    }
  };

  const start = (title: string, run: () => Promise<void>): void => {
    track(title, run).catch((error: unknown) => {
      failures.push(new Error(`The local organization failed: ${title}`, { cause: error }));
    });
  };

  const whenIdle: Work['whenIdle'] = async ({ withinMs = 60_000 } = {}): Promise<void> => {
    const end = performance.now() + withinMs;
    // Idle twice in a row: work that has just ended may start more in a later tick.
    for (let idlePolls = 0; idlePolls < 2;) {
      await delay(POLL_MS);
      idlePolls = running.size === 0 ? idlePolls + 1 : 0;
      if (idlePolls === 0 && performance.now() > end) {
        throw new Error(`Still running after ${withinMs} ms: ${[...running.values()].join('; ')}`);
      }
    }
    if (failures.length > 0)
      throw new AggregateError(failures.splice(0), 'Background work of the local organization failed');
  };

  return { start, track, whenIdle };
};
