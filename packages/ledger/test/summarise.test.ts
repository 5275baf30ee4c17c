import { expect, test } from 'vitest';

import { summarise } from '../src/summarise.ts';
import { evaluated, fixed, planned, rejected, undone } from './events.ts';

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
