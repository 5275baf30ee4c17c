import { explain } from '@compliance/core';
import {
  HourText,
  hoursLater,
  isHour,
  keep,
  sealedPeriods,
  startOf,
  verify,
  type Hour,
  type Keeper,
  type KeeperRun,
  type Problem,
  type Verification,
  type VerifiedAgain,
} from '@compliance/evidence';
import * as z from 'zod';

import { recordHead, type HeadRecords } from './record-head.ts';
import { verifyEarlier } from './verify-earlier.ts';

export interface KeeperDependencies extends Omit<Keeper, 'mayGoOn'>, HeadRecords {
  readonly now: () => Date;
  /** Makes the state of the last day of which all hours are sealed, unless it is there. */
  readonly buildDailyState: (
    newest: Hour,
  ) => Promise<{ readonly day: string; readonly isNew: boolean } | undefined>;
}

/** The schedule sends other members; a person may name an hour that is not over yet. */
const Request = z.looseObject({ through: HourText.optional() });

/** What a part takes at most, and the time to sign. */
const RESERVE_MS = 3 * 60_000;

/**
 * Creates the keeper's handler: seals what is due while there is time, checks what it sealed and some of before, and makes
 * the daily state.
 */
export const createHandler =
  (open: () => Promise<KeeperDependencies>) =>
  async (event: unknown, context: { readonly getRemainingTimeInMillis: () => number }) => {
    const { through } = Request.parse(event ?? {});
    const dependencies = await open();
    const keeper = { ...dependencies, mayGoOn: () => context.getRemainingTimeInMillis() > RESERVE_MS };
    const replaced: Problem[] = [];
    const run = await keep(keeper, dependencies.now(), {
      ...(through !== undefined && { through }),
      onHead: async (head) => {
        const problem = await recordHead(dependencies, head);
        if (problem) replaced.push(problem);
      },
    });
    const verification = await verifyRun(keeper, run);
    const newest = newestHour(run);
    const earlier =
      run.sealed.length > 0 && newest !== undefined
        ? await verifyEarlier({ ...dependencies, newest, mayGoOn: keeper.mayGoOn })
        : undefined;
    const problem = replaced[0] ?? verification?.problem ?? earlier?.problem;
    const report = reportOf(run, { problem, earlier }, dependencies.now());
    dependencies.say(report);
    const state = await stateAfter(dependencies, run);
    return { ...report, ...(state && { state }) };
  };

/** The newest sealed hour; absent as long as only what was imported is sealed. */
const newestHour = ({ newest }: KeeperRun): Hour | undefined => {
  const period = newest?.head.period;
  return period !== undefined && isHour(period) ? period : undefined;
};

/** Makes the daily state in a run that had nothing to seal: it has the whole life of the function. */
const stateAfter = async (
  { buildDailyState, now, say }: KeeperDependencies,
  run: KeeperRun,
): Promise<string | undefined> => {
  const newest = newestHour(run);
  if (run.sealed.length > 0 || run.unfinished !== undefined || newest === undefined) return undefined;
  const state = await buildDailyState(newest);
  if (!state) return undefined;
  const end = Date.parse(`${state.day}T00:00:00Z`) + 24 * HOUR_MS;
  say({ keeper: 'state', ...state, ageHours: Math.max(0, (now().getTime() - end) / HOUR_MS) });
  return state.day;
};

/** Reads back and checks what this run sealed, as anybody else would. */
const verifyRun = async ({ sealed, signer }: Keeper, run: KeeperRun): Promise<Verification | undefined> => {
  const hours = run.sealed.map(({ head }) => head.period).filter(isHour);
  const [first] = hours;
  const last = hours.at(-1);
  if (first === undefined || last === undefined) return undefined;
  const { fingerprint } = signer.publicKey;
  try {
    const before = hoursLater(first, -1);
    const hasBefore = (await sealedPeriods(sealed, before, first)).includes(before);
    return await verify(sealed, {
      from: hasBefore ? before : first,
      until: hoursLater(last, 1),
      fingerprint,
    });
  } catch (error) {
    const problem = { period: last, place: 'the sealed hours', what: explain(error) };
    return { periods: 0, parts: 0, lines: 0, keys: [], signer: 'not-proven', problem };
  }
};

const HOUR_MS = 3_600_000;

const reportOf = (
  run: KeeperRun,
  {
    problem,
    earlier,
  }: { readonly problem: Problem | undefined; readonly earlier: VerifiedAgain | undefined },
  now: Date,
) => {
  const { sealed, unfinished } = run;
  const period = run.newest?.head.period;
  const hour = newestHour(run);
  const end = hour === undefined ? undefined : startOf(hoursLater(hour, 1));
  const sum = (count: (period: (typeof sealed)[number]) => number) =>
    sealed.reduce((total, one) => total + count(one), 0);
  return {
    keeper: 'run',
    sealed: sealed.map(({ head }) => head.period),
    ...(unfinished !== undefined && { unfinished }),
    ...(period !== undefined && { newest: period }),
    // Until the first hour is sealed, nothing is late.
    newestAgeHours: end === undefined ? 0 : Math.max(0, (now.getTime() - end.getTime()) / HOUR_MS),
    lines: sum(({ head }) => head.lines),
    late: sum(({ manifest }) =>
      manifest.parts.reduce((lines, part) => lines + (part.late ? part.lines : 0), 0),
    ),
    leftOut: sum(({ manifest }) => manifest.unreadable.count + manifest.foreign.count),
    ...(earlier && { verifiedAgain: earlier.periods }),
    verified: problem === undefined,
    ...(problem && { problem }),
  };
};
