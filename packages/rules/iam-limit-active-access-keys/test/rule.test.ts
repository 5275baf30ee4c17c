import { AccountId, type CallStep } from '@compliance/core';
import type { Key } from '@compliance/iam-credential-report';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00.000Z'),
});
const OLD = '2026-01-01T00:00:00.000Z';
const OLDER = '2025-06-01T00:00:00.000Z';

describe('judge', () => {
  test.for([
    ['no key', 'COMPLIANT', []],
    ['one old key', 'COMPLIANT', [OLD]],
    ['two old keys', 'NON_COMPLIANT', [OLDER, OLD]],
    ['an old key beside one of 6 days and 23 hours', 'COMPLIANT', [OLD, '2026-11-13T13:00:00.000Z']],
    ['an old key beside one of 7 days', 'NON_COMPLIANT', [OLD, '2026-11-13T12:00:00.000Z']],
  ] as const)('%s is %s', ([, complianceType, activeKeysCreated]) => {
    const verdict = rule.judge({ activeKeysCreated: [...activeKeysCreated] }, context());
    expect(verdict).toMatchObject({ complianceType });
  });

  test('without an overlap, a second key violates the rule at once', () => {
    const facts = { activeKeysCreated: [OLD, '2026-11-20T12:00:00.000Z'] };
    expect(rule.judge(facts, context({ rotationOverlapDays: 0 }))).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation: '2 access keys are active: created 2026-01-01, 2026-11-20.',
    });
  });
});

describe('fix', () => {
  const key = (accessKeyId: string, lastUsed: string | null, created = OLD): Key => ({
    accessKeyId,
    created,
    lastUsed,
  });
  const fixOf = (...keys: Key[]) =>
    rule.fix?.({
      ...context(),
      resource: { resourceType: 'AWS::IAM::User', resourceId: 'AIDA1' },
      facts: { activeKeysCreated: keys.map(({ created }) => created) },
      handles: { userName: 'ann', keys },
    });
  const deactivated = (fix: ReturnType<typeof fixOf>) =>
    (fix && 'steps' in fix ? (fix.steps as readonly CallStep[]) : []).map(({ input }) => input);

  test.for([
    [
      'the new key after a rotation that failed',
      'AKIANEW',
      key('AKIAOLD', '2026-11-19', OLDER),
      key('AKIANEW', null),
    ],
    [
      'the old key after a rotation',
      'AKIAOLD',
      key('AKIAOLD', '2026-10-01', OLDER),
      key('AKIANEW', '2026-11-19'),
    ],
    [
      'the older of two keys that were never used',
      'AKIAOLD',
      key('AKIAOLD', null, OLDER),
      key('AKIANEW', null),
    ],
  ] as const)('a fix deactivates %s', ([, victim, ...keys]) => {
    const input = { UserName: 'ann', AccessKeyId: victim, Status: 'Inactive' };
    expect(deactivated(fixOf(...keys))).toEqual([input]);
    expect(deactivated(fixOf(...keys.toReversed()))).toEqual([input]);
  });

  test('two keys in use are left to a person', () => {
    expect(fixOf(key('AKIA1', '2026-11-19'), key('AKIA2', '2026-11-15'))).toEqual({
      manual:
        'User ann uses more than one access key: replace AKIA2 (last used on 2026-11-15) with AKIA1, then deactivate it.',
    });
  });
});
