import type { CallCounts } from '../admission.ts';
import type { CallsByService } from '../describe-calls.ts';

/** How far the scan of many accounts is, as one line tells it. */
export interface Meter {
  /** The calls of an account so far. */
  readonly calls: (accountId: string, calls: CallsByService) => void;
  /** @param done accounts that have ended */
  readonly text: (done: number) => string;
}

export const createMeter = (accounts: number, now: () => number = Date.now): Meter => {
  const began = now();
  const ofAccounts = new Map<string, CallCounts>();
  return {
    calls: (accountId, calls) => void ofAccounts.set(accountId, sum(Object.values(calls))),
    text: (done) => {
      const { calls, throttled } = sum([...ofAccounts.values()]);
      const seconds = (now() - began) / 1000;
      return [
        `${calls} calls`,
        ...(seconds >= 1 ? [`${Math.round(calls / seconds)}/s`] : []),
        `${throttled} throttled`,
        // Accounts differ in size: a guess, until the last has begun.
        ...(done > 0 && done < accounts
          ? [`about ${duration((seconds / done) * (accounts - done))} left`]
          : []),
      ].join(', ');
    },
  };
};

const sum = (all: readonly CallCounts[]): CallCounts => ({
  calls: all.reduce((total, { calls }) => total + calls, 0),
  throttled: all.reduce((total, { throttled }) => total + throttled, 0),
});

const duration = (seconds: number): string =>
  seconds < 90 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`;
