import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import type { AuditEvent } from '@compliance/core';

import { markLineOf } from '../src/events/mark.ts';
import { mergeState, type MergeOptions } from '../src/merge/merge-state.ts';
import { arbitraryEvents } from './arbitrary-events.ts';
import { accountLeft, evaluated, failed, swept } from './events.ts';
import { naiveState } from './naive-state.ts';
import { rowsIn } from './rows-in.ts';

const UNTIL = Date.parse('2026-11-30T00:00:00Z');

const batches = async function* (lines: readonly string[], size = 3) {
  for (let start = 0; start < lines.length; start += size) yield lines.slice(start, start + size);
};

/** The text of lines, in parts of a few lines. */
const texts = async function* (lines: readonly string[]) {
  for await (const batch of batches(lines)) yield batch.map((line) => `${line}\n`).join('');
};

const marksOf = (events: readonly AuditEvent[]) =>
  events.flatMap((event) => markLineOf(event) ?? []).toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));

const merge = async (
  previous: readonly string[],
  events: readonly AuditEvent[],
  options: Partial<MergeOptions> = {},
) => {
  const lines: string[] = [];
  await mergeState({
    previous: texts(previous),
    marks: batches(marksOf(events)),
    until: UNTIL,
    write: (text) => void lines.push(...text.split('\n')),
    ...options,
  });
  return lines;
};

const statesAfter = async (...events: AuditEvent[]) =>
  rowsIn(await merge([], events)).map(({ resource, state }) => `${resource} ${state}`);

describe('the state of a resource', () => {
  test('it has the verdict with the newest ordering time, and since when it has it', async () => {
    const lines = await merge(
      [],
      [
        evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z', { annotation: 'Versioning is Off.' }),
        evaluated('a', 'NON_COMPLIANT', '2026-11-21T10:00:00Z', { annotation: 'Versioning is Suspended.' }),
        evaluated('a', 'COMPLIANT', '2026-11-22T10:00:00Z', { orderingTime: '2026-11-19T10:00:00.000Z' }),
      ],
    );
    expect(rowsIn(lines)).toMatchObject([
      {
        resource: 'a',
        state: 'v',
        since: '2026-11-20T10:00:00.000Z',
        annotation: 'Versioning is Suspended.',
      },
    ]);
  });

  test.each<[string, AuditEvent, string]>([
    ['exempt', evaluated('a', 'NOT_APPLICABLE', '2026-11-21T10:00:00Z', { exemption: 'EX-1' }), 'a x'],
    ['excluded', evaluated('a', 'NON_COMPLIANT', '2026-11-21T10:00:00Z', { excluded: 'aws-*' }), 'a e'],
    ['unknown after a failed evaluation', failed('a', '2026-11-21T10:00:00Z'), 'a u'],
  ])('it is %s', async (_, event, expected) => {
    await expect(
      statesAfter(evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'), event),
    ).resolves.toEqual([expected]);
  });

  test('a resource that vanished leaves the state, and a late verdict does not bring it back', async () => {
    const gone = [
      evaluated('a', 'NON_COMPLIANT', '2026-11-28T10:00:00Z'),
      evaluated('a', 'NOT_APPLICABLE', '2026-11-29T10:00:00Z'),
    ];
    const first = await merge([], gone);
    expect(rowsIn(first)).toEqual([]);
    const late = evaluated('a', 'NON_COMPLIANT', '2026-11-29T12:00:00Z', {
      orderingTime: '2026-11-29T09:00:00.000Z',
    });
    expect(rowsIn(await merge(first, [late]))).toEqual([]);
  });

  test('a failed resource has its verdict again after a sweep in which it did not fail', async () => {
    await expect(
      statesAfter(
        evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
        failed('a', '2026-11-21T10:00:00Z'),
        failed(undefined, '2026-11-21T10:00:00Z'),
        swept('2026-11-22T10:00:00Z', { nonCompliant: 1 }),
      ),
    ).resolves.toEqual(['a v']);
  });

  test('a resource that left a rule that is off leaves the state, and so does a rule out of scope', async () => {
    const previous = await merge([], [evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z')]);
    const lines = await merge(previous, [], { isInScope: () => false });
    expect(lines).toEqual([]);
  });

  test('what is out of scope is kept aside, and is back with what happened meanwhile', async () => {
    const isInScope = () => false;
    const previous = await merge(
      [],
      [
        evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
        evaluated('b', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
      ],
    );
    const aside: string[] = [];
    const changes: unknown[] = [];
    const onChange = ({ time, from, to }: { time: number; from?: string; to?: string }) =>
      void changes.push([time, from, to]);
    const writeAside = (text: string) => void aside.push(...text.split('\n'));
    const meanwhile = [evaluated('a', 'COMPLIANT', '2026-11-21T10:00:00Z')];
    expect(await merge(previous, meanwhile, { isInScope, writeAside, onChange })).toEqual([]);
    expect(changes).toEqual([
      [UNTIL, 'v', undefined],
      [UNTIL, 'v', undefined],
    ]);
    const still: string[] = [];
    await merge([], [], {
      isInScope,
      previousAside: texts(aside),
      writeAside: (text) => void still.push(...text.split('\n')),
    });
    expect(still).toEqual(aside);
    changes.length = 0;
    const later = [evaluated('b', 'COMPLIANT', '2026-11-22T10:00:00Z')];
    const lines = await merge([], later, { previousAside: texts(still), writeAside, onChange });
    expect(rowsIn(lines)).toMatchObject([
      { resource: 'a', state: 'c', since: '2026-11-21T10:00:00.000Z' },
      { resource: 'b', state: 'c', since: '2026-11-22T10:00:00.000Z' },
    ]);
    expect(changes).toEqual([
      [UNTIL, undefined, 'c'],
      [UNTIL, undefined, 'c'],
    ]);
  });
});

test('an account that left leaves the state, and what it had before does not return when it joins again', async () => {
  const before = evaluated('old', 'NON_COMPLIANT', '2026-11-20T10:00:00Z');
  const left = accountLeft('2026-11-21T10:00:00Z');
  const again = evaluated('new', 'COMPLIANT', '2026-11-22T10:00:00Z');
  await expect(statesAfter(before, left, again)).resolves.toEqual(['new c']);
  const previous = await merge([], [before, left]);
  const late = evaluated('late', 'NON_COMPLIANT', '2026-11-21T09:00:00Z');
  expect(rowsIn(await merge(previous, [late]))).toEqual([]);
});

describe('what a sweep counted', () => {
  const differencesIn = async (...events: AuditEvent[]) => {
    const differences: unknown[] = [];
    await merge([], events, { onDifference: (_, difference) => differences.push(difference) });
    return differences;
  };

  test('it equals the state at its time, whatever came later', async () => {
    await expect(
      differencesIn(
        evaluated('a', 'COMPLIANT', '2026-11-20T10:00:00Z'),
        evaluated('b', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
        failed('c', '2026-11-20T10:00:00Z'),
        swept('2026-11-20T10:00:00Z', { compliant: 1, nonCompliant: 1, failed: 1 }),
        evaluated('b', 'COMPLIANT', '2026-11-20T12:00:00Z'),
      ),
    ).resolves.toEqual([]);
  });

  test('a difference is listed: resources that are not in the ledger', async () => {
    await expect(
      differencesIn(
        evaluated('a', 'COMPLIANT', '2026-11-20T10:00:00Z'),
        swept('2026-11-20T10:00:00Z', { compliant: 3 }),
      ),
    ).resolves.toEqual([{ sweep: [3, 0, 0, 0, 0], state: [1, 0, 0, 0, 0] }]);
  });
});

describe('for any events', () => {
  test('the state is that of a map of all events in the order of time', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEvents, async (events) => {
        expect(rowsIn(await merge([], events))).toEqual(naiveState(events));
      }),
    );
  });

  test('two merges give what one gives, in any order of reading, also of what is delivered twice', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEvents, fc.nat(), fc.nat(), async (events, cut, twice) => {
        const sorted = events.toSorted((a, b) => (a.time + a.id < b.time + b.id ? -1 : 1));
        const at = cut % (sorted.length + 1);
        const [first, second] = [sorted.slice(0, at), sorted.slice(Math.max(0, at - (twice % 5)))];
        const inTwo = await merge(await merge([], first), second.toReversed());
        const inOne = await merge([], [...sorted, ...first]);
        expect(inTwo).toEqual(inOne);
      }),
    );
  });

  test('what changed adds up to the counts', async () => {
    await fc.assert(
      fc.asyncProperty(arbitraryEvents, fc.nat(), async (events, cut) => {
        const sums = { c: 0, v: 0, x: 0, e: 0, u: 0 };
        let counts = { ...sums };
        const onChange: MergeOptions['onChange'] = ({ from, to }) => {
          if (from) sums[from] -= 1;
          if (to) sums[to] += 1;
        };
        const options: Partial<MergeOptions> = {
          onChange,
          onPlace: (_, { c, v, x, e, u }) => {
            counts = { c: counts.c + c, v: counts.v + v, x: counts.x + x, e: counts.e + e, u: counts.u + u };
          },
        };
        const at = cut % (events.length + 1);
        const previous = await merge([], events.slice(0, at), { onChange });
        await merge(previous, events.slice(at), options);
        expect(sums).toEqual(counts);
      }),
    );
  });
});
