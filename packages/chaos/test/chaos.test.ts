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

test('a plan whose run is killed before it is published, and whose violation disappears, is published', async () => {
  await expect(violatedBy({ seed: 55, days: 20 })).resolves.toEqual([]);
});

test('a seed repeats every count of a simulation of forty days', async () => {
  const options = { seed: 3, days: 40 };
  const first = await simulate(options);
  await expect(simulate(options)).resolves.toEqual(first);
});

test('a build without claims on resources is found by changes that are made twice', async () => {
  await expect(violatedBy({ seed: 2, days: 4, build: 'no-claim' })).resolves.toContain(
    'one-change-a-violation',
  );
});

test('a build without leases of documents is found by edits that are lost', async () => {
  await expect(violatedBy({ seed: 2, days: 25, build: 'no-lease' })).resolves.toContain('edit-is-kept');
});

test('a build without an outbox is found by events that are lost', async () => {
  await expect(violatedBy({ seed: 2, days: 25, build: 'no-outbox' })).resolves.toContain(
    'recorded-is-published',
  );
});

test('a build without notes on unpublished plans is found by events that wait for good', async () => {
  await expect(violatedBy({ seed: 55, days: 20, build: 'no-note' })).resolves.toEqual([
    'recorded-is-published',
    'nothing-waits-for-a-sink',
  ]);
});

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
