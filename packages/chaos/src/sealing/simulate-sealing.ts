import { loadAhead } from '@compliance/core/simulation';

import { HOUR_MS } from '../base/faults.ts';
import { sealedCounts, violationsOf, type Violations } from './invariants.ts';
import { playKeepers, runKeeper } from './keepers.ts';
import { playStrangers } from './strangers.ts';
import { playWriters, redeliverAll } from './writers.ts';
import { createSealingWorld, END, type SealingOptions, type SealingWorld } from './world.ts';

export interface SealingResult {
  readonly seed: number;
  readonly written: number;
  readonly published: number;
  readonly sealed: number;
  /** Arrivals in the log and the topic beyond the first. */
  readonly repeated: number;
  readonly objects: { readonly intake: number; readonly sealed: number };
  readonly strange: number;
  readonly counts: SealingWorld['counts'];
  readonly interleavings: number;
  readonly violations: Violations;
}

/** Simulates hours of writers, keepers and strangers from one seed. */
export const simulateSealing = (options: SealingOptions): Promise<SealingResult> =>
  quietly(async () => {
    const world = createSealingWorld(options);
    await loadAhead();
    playWriters(world);
    playKeepers(world);
    playStrangers(world);
    await world.scheduler.runUntil(new Date(END.getTime() + 4 * HOUR_MS));
    world.isHealed = true;
    world.key = 'usable';
    await finish(world, () => redeliverAll(world));
    await world.scheduler.runUntil(new Date(END.getTime() + 8 * HOUR_MS));
    await finish(world, () => runKeeper(world, 0));
    return resultOf(world);
  });

/** Lets one run go on to its end. */
const finish = async ({ scheduler }: SealingWorld, run: () => Promise<void>): Promise<void> => {
  const ended: PromiseSettledResult<void>[] = [];
  scheduler.at(scheduler.clock.now(), () => {
    void Promise.allSettled([run()]).then((results) => ended.push(...results));
  });
  while (ended.length === 0) await scheduler.runUntil(new Date(scheduler.clock.now().getTime() + 1000));
  for (const result of ended)
    if (result.status === 'rejected') throw new Error('The simulation failed.', { cause: result.reason });
};

const resultOf = async (world: SealingWorld): Promise<SealingResult> => {
  const { written, published, received, buckets, strange, counts, scheduler, options } = world;
  const repeated = [...received.log.values(), ...received.topic.values()].reduce(
    (sum, count) => sum + count - 1,
    0,
  );
  const sealed = await sealedCounts(world);
  return {
    seed: options.seed,
    written: written.size,
    published: published.size,
    sealed: sealed.size,
    repeated,
    objects: { intake: buckets.get('intake')?.size ?? 0, sealed: buckets.get('sealed')?.size ?? 0 },
    strange: strange.objects + strange.lines,
    counts,
    interleavings: scheduler.interleavings(),
    violations: await violationsOf(world),
  };
};

/** The functions log every fault; here there are thousands. */
const quietly = async <T>(work: () => Promise<T>): Promise<T> => {
  const { error } = console;
  console.error = () => {};
  try {
    return await work();
  } finally {
    console.error = error;
  }
};
