import { INVARIANTS } from './invariants.ts';
import type { SimulationResult } from './simulate.ts';

/** So many violations of one invariant are named. */
const NAMED = 3;

const figure = (count: number) => count.toLocaleString('en-US');

/** What was simulated, and for each invariant how often it was violated. */
export const reportOf = (
  results: readonly SimulationResult[],
): { readonly text: string; readonly isClean: boolean } => {
  const sum = (
    name: 'days' | 'runs' | 'kills' | 'faults' | 'outages' | 'interleavings' | 'writes' | 'events',
  ) => figure(results.reduce((total, result) => total + result[name], 0));
  const lines = [
    `${results.length} seeds, ${sum('days')} simulated days, ${sum('runs')} runs, ${sum('writes')} writes, ${sum('events')} events`,
    `${sum('kills')} kills, ${sum('faults')} faults, ${sum('outages')} outages, ${sum('interleavings')} interleavings`,
    '',
  ];
  let isClean = true;
  for (const { name, kind, says } of INVARIANTS) {
    const found = results.flatMap(({ seed, violations }) =>
      (violations[name] ?? []).map((violation) => ({ seed, violation })),
    );
    isClean &&= found.length === 0;
    lines.push(`${figure(found.length).padStart(6)}  ${kind.padEnd(12)} ${name}: ${says}`);
    for (const { seed, violation } of found.slice(0, NAMED)) lines.push(`        SEED=${seed}: ${violation}`);
  }
  return { text: `${lines.join('\n')}\n`, isClean };
};
