import { settingsWith } from '@compliance/core/simulation';
import type { Mode } from '@compliance/core';

import { HOUR_MS, MINUTE_MS } from '../base/faults.ts';

/** Settings are cached for a minute, and a run that has read them lasts a quarter of an hour at most. */
const GRACE_MS = 16 * MINUTE_MS;

export const REGION = 'eu-west-1';
export const MASTER = '999988887777';

interface State {
  readonly modes: Readonly<Record<string, Mode>>;
  readonly accounts: readonly string[];
  /** Resource ids. */
  readonly exempt: readonly string[];
  readonly isStopped: boolean;
}

/** Settings, exemptions and the stop switch, as they change over time. */
export const createWorldSettings = (first: State, start: Date) => {
  const history: { readonly time: Date; readonly state: State }[] = [{ time: start, state: first }];
  let current = first;
  return {
    current: () => current,
    change: (time: Date, over: Partial<State>) => {
      current = { ...current, ...over };
      history.push({ time, state: current });
    },
    /** Whether a run at this time may have acted on settings for which this holds. */
    mayHaveBeen: (time: Date, holds: (state: State) => boolean): boolean =>
      history.some(
        ({ time: from, state }, index) =>
          holds(state) &&
          from <= time &&
          (history[index + 1]?.time.getTime() ?? Infinity) > time.getTime() - GRACE_MS,
      ),
    storedSettings: () =>
      settingsWith({
        organization: {
          id: 'o-abcde12345',
          masterAccountId: MASTER,
          externalId: 'simulation',
          homeRegion: REGION,
          regions: [REGION],
        },
        accounts: current.accounts.map((id) => ({
          id,
          name: `account-${id}`,
          groups: ['all'],
          owner: `team-${id}`,
        })),
        rules: Object.fromEntries(
          Object.entries(current.modes).map(([command, mode]) => [command, { mode }]),
        ),
        limits: {
          maxSharePerHour: 1,
          cooldownAfterUndoDays: 1,
          planTtlDays: 10,
          flaps: { times: 3, hours: 24 },
        },
      }),
    storedExemptions: (now: Date) => ({
      exemptions: current.exempt.map((resource) => ({
        id: `exempt-${resource}`,
        resources: [resource],
        reason: 'simulated',
        owner: 'team',
        approver: 'security',
        ticket: 'T-1',
        expires: new Date(now.getTime() + 48 * HOUR_MS).toISOString().slice(0, 10),
      })),
    }),
  };
};
export type WorldSettings = ReturnType<typeof createWorldSettings>;
