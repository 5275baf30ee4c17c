import { SEALING_INVARIANTS } from './invariants.ts';
import type { SealingResult } from './simulate-sealing.ts';

/** So many violations of one invariant are named. */
const NAMED = 3;

const figure = (count: number) => count.toLocaleString('en-US');

/** What was simulated, and for each invariant how often it was violated. */
export const sealingReport = (
  result: SealingResult,
): { readonly text: string; readonly isClean: boolean } => {
  const { counts, objects, violations } = result;
  const lines = [
    `seed ${result.seed}: ${figure(result.written)} events written in ${figure(counts.appends)} runs, ${figure(result.published)} published, ${figure(result.sealed)} sealed`,
    `${figure(objects.intake)} objects in the intake, ${figure(objects.sealed)} sealed; ${figure(result.repeated)} repeated in the log or the topic; ${figure(result.strange)} left by strangers`,
    `${figure(counts.keepers)} runs of the keeper, ${figure(counts.overlapping)} beside another; ${figure(counts.kills)} kills, ${figure(counts.faults)} faults, ${figure(result.interleavings)} interleavings`,
    '',
  ];
  const entries = Object.entries(SEALING_INVARIANTS).map(([name, says]) => ({
    name,
    says,
    found: violations[name] ?? [],
  }));
  for (const { name, says, found } of entries) {
    lines.push(`${figure(found.length).padStart(6)}  ${name}: ${says}`);
    for (const violation of found.slice(0, NAMED)) lines.push(`        ${violation}`);
  }
  return { text: `${lines.join('\n')}\n`, isClean: entries.every(({ found }) => found.length === 0) };
};
