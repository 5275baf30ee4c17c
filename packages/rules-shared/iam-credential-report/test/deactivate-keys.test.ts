import { expect, test } from 'vitest';

import type { Key } from '../src/access-keys.ts';
import { deactivateKeys } from '../src/deactivate-keys.ts';
import { daysUnused } from '../src/time.ts';

const now = new Date('2026-11-20T12:00:00.000Z');
const key = (accessKeyId: string, lastUsed: string | null = null): Key => ({
  accessKeyId,
  created: '2026-01-01T00:00:00.000Z',
  lastUsed,
});

test('idle keys are deactivated, each with the undo that activates it', () => {
  const fix = deactivateKeys({ userName: 'ann', now, idle: [key('AKIA1'), key('AKIA2')] });
  const step = (AccessKeyId: string) => ({
    operation: { name: 'UpdateAccessKey' },
    input: { UserName: 'ann', AccessKeyId, Status: 'Inactive' },
    undo: { input: { UserName: 'ann', AccessKeyId, Status: 'Active' } },
  });
  expect(fix).toMatchObject({ risk: 'disruptive', steps: [step('AKIA1'), step('AKIA2')] });
});

test('the plan says which keys were used within a month, and changes when one is used again', () => {
  const idle = [key('AKIA1', '2026-10-25'), key('AKIA2', '2026-10-01'), key('AKIA3')];
  expect(deactivateKeys({ userName: 'ann', now, idle })).toMatchObject({
    description: 'Deactivate AKIA1 (in use), AKIA2, AKIA3 of user ann',
  });
});

test('keys in use are left to a person, beside the idle ones or alone', () => {
  const inUse = 'Replace AKIA2.';
  expect(deactivateKeys({ userName: 'ann', now, idle: [], inUse })).toEqual({ manual: inUse });
  expect(deactivateKeys({ userName: 'ann', now, idle: [key('AKIA1')], inUse })).toMatchObject({
    steps: [{ input: { AccessKeyId: 'AKIA1' } }],
    effectiveAfter: { manual: inUse },
  });
});

test.for([
  ['used today, at an unknown hour', '2026-11-20', -1],
  ['used yesterday', '2026-11-19', 0],
  ['used 31 days ago', '2026-10-20', 30],
  ['never used, made 40 days and some hours ago', null, 40],
] as const)('a credential %s is unused for certain for %j → %i days', ([, lastUsed, days]) => {
  const use = { created: '2026-10-11T09:00:00.000Z', lastUsed };
  expect(daysUnused(use, now)).toBe(days);
});
