import { expect, test } from 'vitest';

import { frameworks } from '../src/index.ts';

const requirementsOf = (id: string) =>
  frameworks
    .filter((framework) => framework.id === id)
    .flatMap(({ sections }) => sections.flatMap(({ requirements }) => requirements));

test('the ids of frameworks are unique', () => {
  const ids = frameworks.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

// How many requirements CIS publishes for each version.
test.each([
  ['cis-1.2', 49],
  ['cis-1.3', 55],
  ['cis-1.4', 58],
  ['cis-1.5', 63],
  ['cis-2.0', 64],
  ['cis-3.0', 62],
  ['cis-4.0', 64],
  ['cis-4.0.1', 64],
  ['cis-5.0', 63],
  ['cis-6.0', 63],
  ['cis-7.0', 70],
])('%s has %i requirements', (id, count) => {
  expect(requirementsOf(id)).toHaveLength(count);
});

const numbers = (id: string) => id.split('.').map(Number);

/** Whether an id may follow another: 1.9 → 1.10, 2.1.6 → 2.2, 2.3 → 2.4.1, 1.22 → 2.1.1. */
const mayFollow = (previous: readonly number[], next: readonly number[]): boolean => {
  const at = next.findIndex((number, index) => number !== previous[index]);
  const isFirstBelow = next.slice(at + 1).every((number) => number === 1);
  return next[at] === (previous[at] ?? 0) + 1 && isFirstBelow;
};

test.each(frameworks.map(({ id }) => id))('the ids of %s are in order, without a gap', (id) => {
  const ids = requirementsOf(id).map((requirement) => requirement.id);
  const gaps = ids
    .slice(1)
    .map((next, index) => [ids[index] ?? '', next] as const)
    .filter(([previous, next]) => !mayFollow(numbers(previous), numbers(next)))
    .map((pair) => pair.join(' → '));
  expect(gaps).toEqual([]);
});

test.each(frameworks.map(({ id, sections }) => ({ id, sections })))(
  'each section of $id holds one chapter',
  ({ sections }) => {
    const chapters = sections.map(
      ({ requirements }) => new Set(requirements.map(({ id }) => numbers(id)[0])),
    );
    expect(chapters.map(({ size }) => size)).toEqual(sections.map(() => 1));
  },
);

test('only the security questions and the structure of the organization are for a person alone', () => {
  const human = frameworks.flatMap(({ id }) =>
    requirementsOf(id)
      .filter((requirement) => requirement.human !== undefined)
      .map((requirement) => `${id} ${requirement.id}`),
  );
  expect(human).toEqual([
    'cis-7.0 2.1.4',
    'cis-4.0.1 1.3',
    'cis-4.0 1.3',
    'cis-3.0 1.3',
    'cis-2.0 1.3',
    'cis-1.5 1.3',
    'cis-1.4 1.3',
    'cis-1.3 1.3',
    'cis-1.2 1.15',
  ]);
});
