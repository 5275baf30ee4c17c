import { expect, test } from 'vitest';

import { INVARIANTS } from '../src/simulation/invariants.ts';
import { reportOf } from '../src/simulation/report.ts';
import { simulate } from '../src/simulation/simulate.ts';

const violatedBy = async (options: Parameters<typeof simulate>[0]) => {
  const { violations } = await simulate(options);
  return Object.entries(violations).flatMap(([name, found]) => (found.length > 0 ? [name] : []));
};

test('weeks of outages, kills and runs side by side lose nothing, do nothing twice, leave nothing open and block nothing', async () => {
  const result = await simulate({ seed: 1, days: 25 });
  expect(result.violations).toEqual(Object.fromEntries(INVARIANTS.map(({ name }) => [name, []])));
  expect(result.kills).toBeGreaterThan(20);
  expect(result.faults).toBeGreaterThan(200);
  expect(result.writes).toBeGreaterThan(20);
  expect(result.interleavings).toBeGreaterThan(2000);
});

test('a seed repeats every count of a simulation of forty days', async () => {
  const options = { seed: 3, days: 40 };
  const first = await simulate(options);
  await expect(simulate(options)).resolves.toEqual(first);
});

/** What happens in a seed changes with the code: a build is broken if one of so many seeds shows it. */
const SEEDS = 30;

test.each([
  ['claims on resources', 'no-claim', 4, 'one-change-a-violation'],
  ['leases of documents', 'no-lease', 25, 'edit-is-kept'],
  ['an outbox', 'no-outbox', 25, 'recorded-is-published'],
  ['notes on unpublished plans', 'no-note', 20, 'nothing-waits-for-a-sink'],
] as const)(
  'a build without %s is found, in a simulation that is clean with them',
  async (_, build, days, invariant) => {
    for (let seed = 1; seed <= SEEDS; seed += 1) {
      if (!(await violatedBy({ seed, days, build })).includes(invariant)) continue;
      await expect(violatedBy({ seed, days })).resolves.toEqual([]);
      return;
    }
    expect.fail(`No simulation of ${SEEDS} seeds violates ${invariant}.`);
  },
);

test('a report names each violated invariant with the seed that repeats it', async () => {
  const result = await simulate({ seed: 7, days: 1 });
  const broken = {
    ...result,
    violations: { ...result.violations, 'edit-is-kept': ['Keep-logs by automation-1'] },
  };
  const { text, isClean } = reportOf([broken]);
  expect(isClean).toBe(false);
  expect(text).toContain(
    '     1  lost         edit-is-kept: no edit of a shared document removes another one\n',
  );
  expect(text).toContain('SEED=7: Keep-logs by automation-1');
});
