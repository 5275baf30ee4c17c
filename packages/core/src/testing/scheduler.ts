import { setImmediate } from 'node:timers/promises';

import type { Clock } from '../base/clock.ts';
import type { SeededRandom } from './seeded-random.ts';

/** Decides who goes on, and what time it is: months pass in seconds, and a seed repeats every order of events. */
export interface Scheduler {
  readonly clock: Clock;
  /** Waits until this caller is chosen among all that wait. Every effect of a run begins with it. */
  readonly turn: () => Promise<void>;
  /** Starts something at a time; what is past starts at once. */
  readonly at: (time: Date, start: () => void) => void;
  /** Lets everything happen up to a time. Rejects with the first failure of what was started. */
  readonly runUntil: (end: Date) => Promise<void>;
  /** How often somebody was chosen while others waited. */
  readonly interleavings: () => number;
}

/** Loads what runs load only when they need it: loading takes real time, which no seed would repeat. */
export const loadAhead = async (): Promise<void> => {
  await Promise.all([
    import('../remediate/event-history.ts'),
    import('../remediate/finish-interrupted-changes.ts'),
    import('../settings/security-contact.ts'),
  ]);
};

/** The longest time that passes between two effects, in milliseconds. */
const LONGEST_STEP_MS = 40;

export const createScheduler = (start: Date, random: SeededRandom): Scheduler => {
  const waiting: (() => void)[] = [];
  const timers = createTimers();
  let now = start.getTime();
  let interleavings = 0;

  const goOn = () => {
    if (waiting.length > 1) interleavings += 1;
    const [chosen] = waiting.splice(random.below(waiting.length), 1);
    now += random.below(LONGEST_STEP_MS);
    chosen?.();
  };

  return {
    clock: {
      now: () => new Date(now),
      sleep: (ms) => new Promise((resolve) => timers.add(now + ms, resolve)),
    },
    turn: () => new Promise((resolve) => waiting.push(resolve)),
    at: (time, begin) => timers.add(time.getTime(), begin),
    interleavings: () => interleavings,
    runUntil: async (end) => {
      for (;;) {
        // By then, whatever can go on without a turn has: only turns and timers wait for something else. A module that
        // is loaded already takes a second round.
        await setImmediate();
        await setImmediate();
        const due = timers.takeUntil(now);
        for (const begin of due) begin();
        if (due.length > 0) continue;
        if (waiting.length > 0) {
          goOn();
          continue;
        }
        const next = timers.next();
        if (next === undefined || next > end.getTime()) break;
        now = Math.max(now, next);
      }
      now = Math.max(now, end.getTime());
    },
  };
};

interface Timer {
  readonly time: number;
  readonly begin: () => void;
}

/** Timers in the order of their times; of equal ones, the first that was set comes first. */
const createTimers = () => {
  const sorted: Timer[] = [];
  return {
    add: (time: number, begin: () => void) => {
      let [low, high] = [0, sorted.length];
      while (low < high) {
        const middle = (low + high) >>> 1;
        if ((sorted[middle]?.time ?? Infinity) <= time) low = middle + 1;
        else high = middle;
      }
      sorted.splice(low, 0, { time, begin });
    },
    next: () => sorted[0]?.time,
    takeUntil: (time: number) => {
      const end = sorted.findIndex((timer) => timer.time > time);
      return sorted.splice(0, end === -1 ? sorted.length : end).map(({ begin }) => begin);
    },
  };
};
