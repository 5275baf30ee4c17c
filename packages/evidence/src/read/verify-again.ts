import { hoursLater, isHour, type Hour } from '../format/period.ts';
import type { ObjectStore } from '../store/object-store.ts';
import type { Problem } from './check-period.ts';
import { listPeriods } from './list-heads.ts';
import { verify } from './verify.ts';

export interface VerifyAgainOptions {
  /** Where to go on; the beginning of the chain, with what was imported, unless given. */
  readonly from?: Hour | undefined;
  /** The newest sealed hour. */
  readonly newest: Hour;
  readonly hours: number;
  /** Whether there is time for some more hours. */
  readonly mayGoOn: () => boolean;
}

export interface VerifiedAgain {
  readonly periods: number;
  /** Where the next one goes on; absent where it begins again. */
  readonly next?: Hour;
  readonly problem?: Problem;
}

/** So many hours of a very large organization can be checked in what the keeper keeps in reserve. */
const AT_ONCE = 6;

/**
 * Checks some hours of a chain, and how they are linked: called again and again, all of it. A problem does not end the
 * round, or what follows it would never be checked. Objects outside of the folders of sealed periods are not searched for.
 */
export const verifyAgain = async (
  store: ObjectStore,
  { from, newest, hours, mayGoOn }: VerifyAgainOptions,
): Promise<VerifiedAgain> => {
  let periods = 0;
  let problem: Problem | undefined;
  let at = from !== undefined && from < newest ? from : undefined;
  const end = hoursLater(newest, 1);
  while (periods < hours && mayGoOn()) {
    const first = at ?? (await firstHour(store)) ?? newest;
    const until = [hoursLater(first, AT_ONCE), end].toSorted()[0] ?? end;
    const checked = await verify(store, {
      ...(at !== undefined && { from: at }),
      to: until,
      until,
      withoutStrays: true,
    });
    periods += checked.periods;
    problem ??= checked.problem;
    if (until === end) return { periods, ...(problem && { problem }) };
    // The last hour again, because the next one has to follow it.
    at = hoursLater(until, -1);
    if (checked.problem) break;
  }
  return { periods, ...(at !== undefined && { next: at }), ...(problem && { problem }) };
};

const firstHour = async (store: ObjectStore): Promise<Hour | undefined> =>
  (await listPeriods(store)).find(isHour);
