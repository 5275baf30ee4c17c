import { setTimeout as delay } from 'node:timers/promises';

/** What is under way in the background: invocations, automations, debounces. */
export interface Work {
  /** Runs in the background; a failure is kept and thrown by the next `settled`, never lost. */
  readonly start: (what: string, run: () => Promise<void>) => void;
  /** Runs in the foreground and is waited for by `settled` as well. */
  readonly track: <T>(what: string, run: () => Promise<T>) => Promise<T>;
  readonly whenIdle: (options?: { readonly withinMs?: number }) => Promise<void>;
}

const POLL_MS = 5;

export const createWork = (): Work => {
  const underWay = new Map<symbol, string>();
  const failures: unknown[] = [];

  const track = async <T>(what: string, run: () => Promise<T>): Promise<T> => {
    const id = Symbol(what);
    underWay.set(id, what);
    try {
      return await run();
    } finally {
      underWay.delete(id);
    }
  };

  const start = (what: string, run: () => Promise<void>): void => {
    track(what, run).catch((error: unknown) => {
      failures.push(new Error(`${what} failed in the local organization itself`, { cause: error }));
    });
  };

  const settled = async ({ withinMs = 60_000 } = {}): Promise<void> => {
    const end = performance.now() + withinMs;
    // Twice in a row: what has just ended may start the next thing in a later tick.
    for (let quiet = 0; quiet < 2;) {
      await delay(POLL_MS);
      quiet = underWay.size === 0 ? quiet + 1 : 0;
      if (quiet === 0 && performance.now() > end) {
        throw new Error(`Still under way after ${withinMs} ms: ${[...underWay.values()].join('; ')}`);
      }
    }
    if (failures.length > 0) throw new AggregateError(failures.splice(0), 'The local organization failed');
  };

  return { start, track, whenIdle: settled };
};
