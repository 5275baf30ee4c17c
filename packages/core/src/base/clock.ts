import { setTimeout } from 'node:timers/promises';

/** What time it is, and how to wait. Whatever depends on time is given one, so that a test can simulate months. */
export interface Clock {
  readonly now: () => Date;
  readonly sleep: (ms: number) => Promise<void>;
}

/** The clock of this machine. Only what touches AWS or the environment chooses it: `scripts/check-clock.ts`. */
export const systemClock: Clock = {
  now: () => new Date(),
  sleep: (ms) => setTimeout(ms),
};
