import { listDeadLetters, replayDeadLetter, type Mode } from '@compliance/core';
import { loadAhead } from '@compliance/core/simulation';

import { DAY_MS, HOUR_MS } from '../base/faults.ts';
import {
  playAwsConfig,
  playMembers,
  playOperators,
  playSettings,
  playStrangers,
  reactToVerdicts,
} from './actors.ts';
import { createCallers, type Callers } from './callers.ts';
import { INVARIANTS, type Invariant } from './invariants.ts';
import { createLambda } from './lambda.ts';
import { RULES, START, createStage, type SimulationOptions, type Stage } from './stage.ts';

export interface SimulationResult {
  readonly seed: number;
  readonly days: number;
  readonly runs: number;
  readonly kills: number;
  readonly faults: number;
  readonly outages: number;
  readonly interleavings: number;
  readonly writes: number;
  readonly events: number;
  /** What violates each invariant, by its name. */
  readonly violations: Readonly<Record<string, readonly string[]>>;
}

/**
 * The quiet days after the simulated ones: all that was away is back, and everything must come to its end. First the
 * rules fix nothing: what was begun ends all the same. Then they fix everything.
 */
const IDLE_DAYS = 2;
const QUIET_DAYS = 6;

/** A client of the SDK takes real time when it is used for the first time: a day that nobody looks at spends it. */
let warmedUp: Promise<unknown> | undefined;

/** Simulates an organization from one seed. Rejects when the simulation itself fails. */
export const simulate = async (
  options: SimulationOptions,
  onDay: (day: number) => void = () => {},
): Promise<SimulationResult> => {
  warmedUp ??= play({ seed: 0, days: 1 }, () => {});
  await warmedUp;
  return play(options, onDay);
};

const play = (options: SimulationOptions, onDay: (day: number) => void): Promise<SimulationResult> =>
  withSeededChance(createStage(options), async (stage) => {
    await loadAhead();
    const invoke = createLambda(stage);
    const callers = createCallers(stage, invoke);
    const cast = { stage, callers, invoke };
    const { days } = options;
    reactToVerdicts(cast);
    playAwsConfig(cast, 0, days);
    playMembers(cast, days);
    playStrangers(cast, days);
    playSettings(cast, days);
    playOperators(cast, days);
    await passDays(stage, 0, days, onDay);
    stage.isHealed = true;
    settle(stage, stage.random.pick(['off', 'observe', 'plan']));
    playAwsConfig(cast, days, days + QUIET_DAYS);
    stage.scheduler.at(new Date(START.getTime() + (days + 1) * DAY_MS), () => {
      redrive(stage, callers).catch((error: unknown) => stage.defects.push(error));
    });
    await passDays(stage, days, days + IDLE_DAYS, onDay);
    const leftOpen = violationsOf(stage, ({ kind }) => kind === 'left open');
    settle(stage, 'auto');
    await passDays(stage, days + IDLE_DAYS, days + QUIET_DAYS, onDay);
    return resultOf(stage, leftOpen);
  });

const settle = ({ settings, scheduler }: Stage, mode: Mode): void => {
  const modes = Object.fromEntries(RULES.map(({ command }) => [command, mode]));
  settings.change(scheduler.clock.now(), { modes, exempt: [], isStopped: false });
};

const passDays = async (
  stage: Stage,
  from: number,
  to: number,
  onDay: (day: number) => void,
): Promise<void> => {
  for (let day = from; day < to; day += 1) {
    onDay(day);
    await stage.scheduler.runUntil(new Date(START.getTime() + (day + 1) * DAY_MS - HOUR_MS));
    stage.rows.expire(stage.scheduler.clock.now());
    if (stage.defects.length > 0)
      throw new Error(`The simulation of seed ${stage.options.seed} failed.`, { cause: stage.defects[0] });
  }
};

/** What `make redrive` does: the failure queue is sent again, and dead letters are delivered again. */
const redrive = async (stage: Stage, { evaluate }: Callers): Promise<void> => {
  for (const input of stage.failureQueue.splice(0)) await evaluate(input);
  for await (const letter of listDeadLetters(stage.rows)) {
    const sink = stage.sinks.find(({ name }) => name === letter.sink);
    if (sink) await replayDeadLetter(stage.rows, letter, sink);
  }
};

/** The product spreads its retries by chance, which must be the seed's too. */
const withSeededChance = async <T>(stage: Stage, work: (stage: Stage) => Promise<T>): Promise<T> => {
  const { random: ownRandom } = Math;
  const { error: ownError } = console;
  Math.random = stage.random.next;
  // The functions log every fault; here there are thousands.
  console.error = () => {};
  try {
    return await work(stage);
  } finally {
    Math.random = ownRandom;
    console.error = ownError;
  }
};

const violationsOf = (
  stage: Stage,
  isWanted: (invariant: Invariant) => boolean = () => true,
): SimulationResult['violations'] =>
  Object.fromEntries(INVARIANTS.filter(isWanted).map(({ name, violations }) => [name, violations(stage)]));

const resultOf = (stage: Stage, leftOpen: SimulationResult['violations']): SimulationResult => ({
  seed: stage.options.seed,
  days: stage.options.days,
  ...stage.counts,
  outages: stage.outages.count,
  interleavings: stage.scheduler.interleavings(),
  writes: stage.writes.length,
  events: stage.received.events.size,
  violations: Object.fromEntries(
    Object.entries(violationsOf(stage)).map(([name, found]) => [
      name,
      [...(leftOpen[name] ?? []).map((one) => `${one}, while nothing was fixed`), ...found],
    ]),
  ),
});
