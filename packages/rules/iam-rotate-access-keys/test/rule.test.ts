import { AccountId, type CallStep } from '@compliance/core';
import type { Key } from '@compliance/iam-credential-report';
import { describe, expect, test } from 'vitest';

import { iamRotateAccessKeys as rule } from '../src/rule.ts';

const now = new Date('2026-11-20T12:00:00.000Z');
const resource = { resourceType: 'AWS::IAM::User', resourceId: 'AIDA1' };

const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now,
});

describe('judge', () => {
  test.for([
    ['a user without an active key', 'COMPLIANT', [], {}],
    ['a key of today', 'COMPLIANT', ['2026-11-20T11:00:00.000Z'], {}],
    ['a key of exactly 90 days', 'COMPLIANT', ['2026-08-22T12:00:00.000Z'], {}],
    ['a key of 90 days and 23 hours', 'COMPLIANT', ['2026-08-21T13:00:00.000Z'], {}],
    ['a key of 91 days', 'NON_COMPLIANT', ['2026-08-21T12:00:00.000Z'], {}],
    [
      'an old key beside a new one',
      'NON_COMPLIANT',
      ['2020-01-01T00:00:00.000Z', '2026-11-20T11:00:00.000Z'],
      {},
    ],
    [
      'a key of 40 days where 30 are allowed',
      'NON_COMPLIANT',
      ['2026-10-11T12:00:00.000Z'],
      { maxAccessKeyAge: 30 },
    ],
    [
      'an old key where ten years are allowed',
      'COMPLIANT',
      ['2020-01-01T00:00:00.000Z'],
      { maxAccessKeyAge: 3650 },
    ],
  ] as const)('%s is %s', ([, complianceType, activeKeysCreated, parameters]) => {
    const verdict = rule.judge({ activeKeysCreated: [...activeKeysCreated] }, context(parameters));
    expect(verdict).toMatchObject({ complianceType });
  });

  test('the annotation names the days of creation, which do not change daily', () => {
    const old = { activeKeysCreated: ['2025-01-02T03:04:05.000Z', '2025-06-07T08:09:10.000Z'] };
    expect(rule.judge(old, context())).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: 'Active access keys are older than 90 days: created 2025-01-02, 2025-06-07.',
    });
  });
});

describe('fix', () => {
  const key = (accessKeyId: string, lastUsed: string | null, created = '2026-01-01T00:00:00.000Z'): Key => ({
    accessKeyId,
    created,
    lastUsed,
  });
  const fixOf = (keys: Key[], parameters: object = {}) =>
    rule.fix?.({
      ...context(parameters),
      resource,
      facts: { activeKeysCreated: keys.map(({ created }) => created) },
      handles: { userName: 'ann', keys },
    });
  const inputs = (fix: ReturnType<typeof fixOf>) =>
    fix && 'steps' in fix ? (fix.steps as readonly CallStep[]).map(({ input }) => input) : undefined;

  test('a fix deactivates only the old keys and deletes none', () => {
    const fix = fixOf([key('AKIA1', '2026-11-20'), key('AKIA2', null, '2026-11-01T00:00:00.000Z')]);
    expect(fix).toMatchObject({ risk: 'disruptive', steps: [{ operation: { name: 'UpdateAccessKey' } }] });
    expect(inputs(fix)).toEqual([{ UserName: 'ann', AccessKeyId: 'AKIA1', Status: 'Inactive' }]);
  });

  test.for([
    ['used today', false, '2026-11-20'],
    ['used 30 days ago, at an unknown hour', false, '2026-10-21'],
    ['used 31 days ago', true, '2026-10-20'],
    ['never used', true, null],
  ] as const)('a fix with onlyIfUnusedDays 30 deactivates a key %s: %s', ([, deactivated, lastUsed]) => {
    const fix = fixOf([key('AKIA1', lastUsed)], { onlyIfUnusedDays: 30 });
    expect(inputs(fix)).toEqual(
      deactivated ? [{ UserName: 'ann', AccessKeyId: 'AKIA1', Status: 'Inactive' }] : undefined,
    );
  });

  test('a key in use is left to a person, with its id and last use', () => {
    expect(fixOf([key('AKIA1', '2026-11-19')], { onlyIfUnusedDays: 30 })).toEqual({
      manual:
        'Create a new access key for user ann, replace AKIA1 (last used on 2026-11-19) with it, then deactivate the old key.',
    });
  });

  test('an unused key is deactivated, and one in use is left to a person', () => {
    const fix = fixOf([key('AKIA1', '2026-11-19'), key('AKIA2', null)], { onlyIfUnusedDays: 30 });
    expect(inputs(fix)).toEqual([{ UserName: 'ann', AccessKeyId: 'AKIA2', Status: 'Inactive' }]);
    expect(fix).toMatchObject({ effectiveAfter: { manual: expect.stringContaining('AKIA1') } });
  });
});
