import { expect, test } from 'vitest';

import { SEALING_INVARIANTS } from '../src/sealing/invariants.ts';
import { sealingReport } from '../src/sealing/report-sealing.ts';
import { simulateSealing } from '../src/sealing/simulate-sealing.ts';

const NONE = Object.fromEntries(Object.keys(SEALING_INVARIANTS).map((name) => [name, []]));
const SMALL = { events: 1000, writers: 20 };

test('writers side by side, failing sinks, strangers and a keeper that is killed lose nothing and seal nothing twice', async () => {
  const result = await simulateSealing({ seed: 1, ...SMALL });
  expect(result.violations).toEqual(NONE);
  expect(result).toMatchObject({ written: 1000, published: 1000, sealed: 1000 });
  expect(result.repeated).toBeGreaterThan(0);
  expect(result.strange).toBeGreaterThan(10);
  expect(result.counts.kills).toBeGreaterThan(2);
  expect(result.counts.faults).toBeGreaterThan(10);
  expect(result.counts.overlapping).toBeGreaterThan(2);
});

test('the same seed simulates the same', async () => {
  const options = { seed: 2, events: 300, writers: 10 };
  const { seed, written, repeated, counts, interleavings } = await simulateSealing(options);
  const again = { seed, written, repeated, counts, interleavings };
  await expect(simulateSealing(options)).resolves.toMatchObject(again);
});

test.each([
  ['an outbox', 'no-outbox', 'published-is-sealed'],
  ['a memory of what is sealed', 'no-memory', 'sealed-once'],
] as const)('a build without %s is found', async (_, build, invariant) => {
  const SEEDS = 10;
  for (let seed = 1; seed <= SEEDS; seed += 1) {
    const { violations } = await simulateSealing({ seed, ...SMALL, build });
    if ((violations[invariant] ?? []).length > 0) return;
  }
  expect.fail(`No simulation of ${SEEDS} seeds violates ${invariant}.`);
});

test('a report names each violated invariant and what violates it', async () => {
  const result = await simulateSealing({ seed: 3, events: 40, writers: 2 });
  expect(sealingReport(result).isClean).toBe(true);
  const violations = { ...result.violations, 'sealed-once': ['event-1: 2 times'] };
  const { text, isClean } = sealingReport({ ...result, violations });
  expect(isClean).toBe(false);
  expect(text).toContain(
    '     1  sealed-once: no event is sealed twice, in one hour or in two\n        event-1: 2 times\n',
  );
});
