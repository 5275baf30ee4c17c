import { describe, expect, test } from 'vitest';

import { summarise } from '../src/summarise.ts';
import type { AuditEvent } from '@compliance/core';

import { approved, evaluated, fixed, planned, rejected, swept, undone, unreadable } from './events.ts';

test('the newest verdict of a resource counts, in any order of reading', async () => {
  const { verdicts, counts } = await summarise([
    evaluated('b', 'COMPLIANT', '2026-11-20T12:00:00Z'),
    evaluated('b', 'NON_COMPLIANT', '2026-11-20T11:00:00Z'),
    evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
    evaluated('c', 'NOT_APPLICABLE', '2026-11-20T10:00:00Z'),
  ]);
  expect(verdicts.map(({ resource, complianceType }) => [resource.resourceId, complianceType])).toEqual([
    ['a', 'NON_COMPLIANT'],
    ['b', 'COMPLIANT'],
    ['c', 'NOT_APPLICABLE'],
  ]);
  expect(counts).toMatchObject({
    events: 4,
    verdicts: { COMPLIANT: 1, NON_COMPLIANT: 1, NOT_APPLICABLE: 1 },
  });
});

test('an exempt resource is counted among the NOT_APPLICABLE ones and as exempt', async () => {
  const exempt = { ...evaluated('a', 'NOT_APPLICABLE', '2026-11-20T10:00:00Z'), exemption: 'EX-1' };
  const { verdicts, counts } = await summarise([
    exempt,
    evaluated('b', 'NOT_APPLICABLE', '2026-11-20T10:00:00Z'),
  ]);
  expect(verdicts[0]).toMatchObject({ exemption: 'EX-1' });
  expect(counts).toMatchObject({ verdicts: { NOT_APPLICABLE: 2 }, exempt: 1 });
});

test('a violating resource of the landing zone is counted among the NON_COMPLIANT ones and as excluded', async () => {
  const excluded = {
    ...evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
    excluded: 'aws-controltower*',
  };
  const { verdicts, counts } = await summarise([
    excluded,
    evaluated('b', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
  ]);
  expect(verdicts[0]).toMatchObject({ excluded: 'aws-controltower*' });
  expect(counts).toMatchObject({ verdicts: { NON_COMPLIANT: 2 }, excluded: 1, exempt: 0 });
});

test('a plan is in the summary as long as its resource is NON_COMPLIANT', async () => {
  const { plans } = await summarise([
    evaluated('open', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
    planned('open', '2026-11-20T10:00:01Z'),
    planned('open', '2026-11-20T10:00:02Z'),
    evaluated('fixed', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
    planned('fixed', '2026-11-20T10:00:01Z'),
    evaluated('fixed', 'COMPLIANT', '2026-11-20T11:00:00Z'),
  ]);
  expect(plans.map(({ id }) => id)).toEqual(['plan-open']);
});

test('a rejected plan is not in the summary', async () => {
  const { plans } = await summarise([
    evaluated('open', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
    planned('open', '2026-11-20T10:00:01Z'),
    rejected('plan-open', '2026-11-20T10:05:00Z'),
  ]);
  expect(plans).toEqual([]);
});

test('a change has its undo, even if that is read first', async () => {
  const { changes, counts } = await summarise([
    undone('change-1', '2026-11-20T11:00:00Z'),
    fixed('change-2', '2026-11-20T10:30:00Z'),
    fixed('change-1', '2026-11-20T10:00:00Z'),
  ]);
  expect(changes.map(({ changeId, undone: undo }) => [changeId, undo?.outcome])).toEqual([
    ['change-1', 'undone'],
    ['change-2', undefined],
  ]);
  expect(counts.remediations).toMatchObject({ fixed: 2, failed: 0 });
});

test('a change has the approval that led to it, also when its plan was approved twice', async () => {
  const change = (id: string, time: string) => ({ ...fixed(id, time), planId: 'plan-a' }) as AuditEvent;
  const { changes, verdicts } = await summarise([
    evaluated('a', 'COMPLIANT', '2026-11-20T16:00:00Z'),
    approved('plan-a', 'a', '2026-11-20T15:00:00Z', 'jo'),
    approved('plan-a', 'a', '2026-11-20T09:00:00Z', 'ada'),
    change('change-1', '2026-11-20T09:01:00Z'),
    change('change-2', '2026-11-20T15:01:00Z'),
    fixed('change-auto', '2026-11-20T17:00:00Z'),
  ]);
  expect(changes.map(({ changeId, approval }) => [changeId, approval?.actor, approval?.reason])).toEqual([
    ['change-1', 'ada', 'Reviewed.'],
    ['change-2', 'jo', 'Reviewed.'],
    ['change-auto', undefined, undefined],
  ]);
  expect(verdicts).toMatchObject([{ approver: 'jo' }]);
});

test('the owner of a finding is in its verdict', async () => {
  const owned = { ...evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'), owner: 'payments' };
  await expect(summarise([owned])).resolves.toMatchObject({ verdicts: [{ owner: 'payments' }] });
});

test('the course has how many violations there were after each change, in any order of reading', async () => {
  const { course } = await summarise([
    evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:00Z'),
    evaluated('a', 'NON_COMPLIANT', '2026-11-20T10:00:30Z'),
    evaluated('c', 'COMPLIANT', '2026-11-20T10:00:00Z'),
    evaluated('a', 'COMPLIANT', '2026-11-20T11:00:00Z'),
    evaluated('b', 'NON_COMPLIANT', '2026-11-20T10:00:10Z'),
  ]);
  expect(course).toEqual([
    { time: Date.parse('2026-11-20T10:00:00Z'), violations: 1 },
    { time: Date.parse('2026-11-20T10:00:10Z'), violations: 2 },
    { time: Date.parse('2026-11-20T11:00:00Z'), violations: 1 },
  ]);
});

test('the course of a long time has longer steps and the same end', async () => {
  const events = Array.from({ length: 2000 }, (_, index) =>
    evaluated(`r${index}`, 'NON_COMPLIANT', new Date(Date.UTC(2026, 8, 1) + index * 3_600_000).toISOString()),
  );
  const { course } = await summarise(events);
  expect(course.length).toBeLessThanOrEqual(240);
  expect(course.length).toBeGreaterThan(100);
  expect(course.at(-1)?.violations).toBe(2000);
});

describe('what is not judged', () => {
  const failuresIn = async (...events: AuditEvent[]) =>
    (await summarise(events)).failures.map(({ resource, time }) => [resource?.resourceId, time]);
  const failed = unreadable('a', '2026-11-20T10:00:00Z');

  test('a resource that fails again and again is not judged once, since the newest failure', async () => {
    await expect(failuresIn(unreadable('a', '2026-11-20T11:00:00Z'), failed)).resolves.toEqual([
      ['a', '2026-11-20T11:00:00.000Z'],
    ]);
  });

  test.each<[string, AuditEvent]>([
    ['its own verdict', evaluated('a', 'COMPLIANT', '2026-11-20T10:30:00Z')],
    [
      'its own verdict on a state that was captured before the failure',
      {
        ...evaluated('a', 'COMPLIANT', '2026-11-20T10:30:00Z'),
        orderingTime: '2026-11-20T09:00:00.000Z',
      } as AuditEvent,
    ],
    ['a later sweep, in which it is as before', swept('2026-11-20T11:00:00Z')],
    ['a later sweep, in which another one failed', swept('2026-11-20T11:00:00Z', 1)],
  ])('a resource is judged well by %s', async (_, later) => {
    await expect(failuresIn(failed, later)).resolves.toEqual([]);
    await expect(failuresIn(later, failed)).resolves.toEqual([]);
  });

  test.each<[string, AuditEvent]>([
    ['a verdict before its failure', evaluated('a', 'COMPLIANT', '2026-11-20T09:00:00Z')],
    ['the verdict of another resource', evaluated('b', 'COMPLIANT', '2026-11-20T10:30:00Z')],
    ['the sweep in which it failed', swept('2026-11-20T09:59:30Z', 1)],
    [
      'a sweep of schema 1 with failures, one of which may be its own',
      { ...swept('2026-11-20T11:00:00Z', 1), schemaVersion: 1 },
    ],
  ])('a resource is not judged by %s', async (_, other) => {
    await expect(failuresIn(failed, other)).resolves.toHaveLength(1);
  });

  test('a listing that failed is made good by a later sweep', async () => {
    const listing = unreadable(undefined, '2026-11-20T10:00:00Z');
    await expect(failuresIn(listing)).resolves.toHaveLength(1);
    await expect(failuresIn(listing, swept('2026-11-20T11:00:00Z', 2))).resolves.toEqual([]);
  });
});
