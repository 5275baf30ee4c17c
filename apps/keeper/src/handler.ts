import {
  BrokenSealError,
  HourText,
  hourOf,
  hoursLater,
  isHour,
  keep,
  startOf,
  type Hour,
  type Keeper,
  type KeeperRun,
  type Problem,
} from '@compliance/evidence';
import type { DailyState, DailyStateOptions } from '@compliance/state/daily';
import * as z from 'zod';

import { copyHeads } from './head-copies.ts';
import { recordHead, type HeadRecords } from './record-head.ts';
import { verifyEarlier } from './verify-earlier.ts';

export interface KeeperDependencies extends Omit<Keeper, 'mayGoOn'>, Omit<HeadRecords, 'sayProblem'> {
  readonly now: () => Date;
  /** Makes the state of the last day of which all hours are sealed, unless it is there. */
  readonly buildDailyState: (newest: Hour, options: DailyStateOptions) => Promise<DailyState | undefined>;
}

/** The schedule sends other members; a person may name an hour that is not over yet. */
const Request = z.looseObject({ through: HourText.optional() });

/** What a part takes at most, and the time to sign. */
const RESERVE_MS = 3 * 60_000;
/** Heads are small. A keeper that has much to seal, run after run, still copies them. */
const COPY_RESERVE_MS = 60_000;

/**
 * Creates the keeper's handler: seals what is due while there is time, checks what it sealed and some of before, and makes
 * the daily state. What it finds is said when it is found: what follows may fail, and a later run finds it no more.
 */
export const createHandler =
  (open: () => Promise<KeeperDependencies>) =>
  async (event: unknown, context: { readonly getRemainingTimeInMillis: () => number }) => {
    const { through } = Request.parse(event ?? {});
    const dependencies = await open();
    // What arrives in an hour that is sealed is late, and all hours until then would be sealed, and locked, as empty ones.
    if (through !== undefined && through > hourOf(dependencies.now()))
      throw new Error(`${through} has not begun. Name an hour until now.`);
    const { say } = dependencies;
    const problems: Problem[] = [];
    const keeper = {
      ...dependencies,
      mayGoOn: () => context.getRemainingTimeInMillis() > RESERVE_MS,
      sayProblem: (problem: Problem) => {
        problems.push(problem);
        say({ keeper: 'problem', ...problem });
      },
    };
    const mayCopy = () => context.getRemainingTimeInMillis() > COPY_RESERVE_MS;
    const run = await sealAndCopy(keeper, mayCopy, through).catch((error: unknown) => {
      // Nothing is sealed past it, so that no later run checks it in turn.
      if (error instanceof BrokenSealError) say({ keeper: 'problem', place: error.place, what: error.what });
      throw error;
    });
    const newest = newestHour(run);
    const verifiedAgain =
      run.sealed.length > 0 && newest !== undefined ? await verifyEarlier({ ...keeper, newest }) : undefined;
    const report = reportOf(run, { problem: problems[0], verifiedAgain }, dependencies.now());
    say(report);
    const state = keeper.mayGoOn() ? await stateAfter(keeper, run) : undefined;
    return { ...report, ...(state && { state }) };
  };

/** Seals what is due. Copies also where that fails: what was sealed before may wait. */
const sealAndCopy = async (
  keeper: Keeper & HeadRecords & Pick<KeeperDependencies, 'now'>,
  mayCopy: () => boolean,
  through: Hour | undefined,
): Promise<KeeperRun> => {
  try {
    return await keep(keeper, keeper.now(), {
      ...(through !== undefined && { through }),
      onHead: (head) => recordHead(keeper, head),
    });
  } finally {
    await copyHeads(keeper, mayCopy);
  }
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
  const sayState = (state: DailyState) => {
    const end = Date.parse(`${state.day}T00:00:00Z`) + 24 * HOUR_MS;
    say({ keeper: 'state', ...state, ageHours: Math.max(0, (now().getTime() - end) / HOUR_MS) });
  };
  const state = await buildDailyState(newest, {
    onBroken: (broken) => say({ keeper: 'broken-state', ...broken }),
    // The alarm needs an age where none is made as well, run after run.
    onStored: (day) => sayState({ day, isNew: false }),
  });
  if (!state) return undefined;
  sayState(state);
  return state.day;
};

const HOUR_MS = 3_600_000;

const reportOf = (
  run: KeeperRun,
  {
    problem,
    verifiedAgain,
  }: { readonly problem: Problem | undefined; readonly verifiedAgain: number | undefined },
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
    ...(verifiedAgain !== undefined && { verifiedAgain }),
    verified: problem === undefined,
    ...(problem && { problem }),
  };
};
