import { AccountId, type CallStep } from '@compliance/core';
import { iamWith, reportOf } from '@compliance/iam-credential-report/testing';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const userCreated = '2026-01-01T00:00:00.000Z';
const context = (parameters: object = {}) => ({
  parameters: rule.parameters.parse(parameters),
  accountId: AccountId.parse('111122223333'),
  region: 'eu-west-1',
  partition: 'aws',
  now: new Date('2026-11-20T12:00:00.000Z'),
});
const key = (created: string, used = false) => ({ created: `2026-01-01T${created}.000Z`, used });

describe('judge', () => {
  test.for([
    ['a key created 60 seconds after its user', 'NON_COMPLIANT', [key('00:01:00')], {}],
    ['a key created 61 seconds after its user', 'COMPLIANT', [key('00:01:01')], {}],
    ['the second key, created with its user', 'NON_COMPLIANT', [key('00:00:05'), key('12:00:00')], {}],
    ['a key of the set-up that was used', 'COMPLIANT', [key('00:00:05', true)], {}],
    [
      'a used key of the set-up, where all count',
      'NON_COMPLIANT',
      [key('00:00:05', true)],
      { requireNeverUsed: false },
    ],
    [
      'a key created after an hour, where two hours are allowed',
      'NON_COMPLIANT',
      [key('01:00:00')],
      { setupWindowSeconds: 7200 },
    ],
    ['no active key', 'COMPLIANT', [], {}],
  ] as const)('%s is %s', ([, complianceType, activeKeys, parameters]) => {
    const facts = { userCreated, hasPassword: true, activeKeys: [...activeKeys] };
    expect(rule.judge(facts, context(parameters))).toMatchObject({ complianceType });
  });

  test('a user without a password may have a key of its set-up', () => {
    const facts = { userCreated, hasPassword: false, activeKeys: [key('00:00:05')] };
    expect(rule.judge(facts, context())).toEqual({ complianceType: 'COMPLIANT' });
  });

  test.for([
    [
      [key('00:00:05')],
      'An active access key was created with this console user on 2026-01-01 and never used.',
    ],
    [
      [key('00:00:05'), key('00:00:06')],
      '2 active access keys were created with this console user on 2026-01-01 and never used.',
    ],
    [[key('00:00:05', true)], 'An active access key was created with this console user on 2026-01-01.'],
  ] as const)('the annotation counts the keys and dates them: %j', ([activeKeys, annotation]) => {
    const facts = { userCreated, hasPassword: true, activeKeys: [...activeKeys] };
    expect(rule.judge(facts, context({ requireNeverUsed: false }))).toMatchObject({ annotation });
  });
});

describe('fix', () => {
  const live = (accessKeyId: string, created: string, lastUsed: string | null = null) => ({
    accessKeyId,
    created: `2026-01-01T${created}.000Z`,
    lastUsed,
  });
  const fixOf = (keys: ReturnType<typeof live>[], parameters: object = {}) =>
    rule.fix?.({
      ...context(parameters),
      resource: { resourceType: 'AWS::IAM::User', resourceId: 'AIDA1' },
      facts: { userCreated, hasPassword: true, activeKeys: [] },
      handles: { userName: 'ann', keys },
    });

  test('a fix deactivates only the keys of the set-up, and deletes none', () => {
    const fix = fixOf([live('AKIA1', '00:00:05'), live('AKIA2', '12:00:00')]);
    const steps = fix && 'steps' in fix ? (fix.steps as readonly CallStep[]) : [];
    expect(steps.map(({ operation, input }) => [operation.name, input])).toEqual([
      ['UpdateAccessKey', { UserName: 'ann', AccessKeyId: 'AKIA1', Status: 'Inactive' }],
    ]);
  });

  test('a key that is used is left to a person', () => {
    expect(fixOf([live('AKIA1', '00:00:05', '2026-11-19')], { requireNeverUsed: false })).toEqual({
      manual: 'Ask user ann whether AKIA1 (last used on 2026-11-19) is still needed. Deactivate it if not.',
    });
  });
});

test('a rotated key has the date of its rotation in the report, and both keys are read', async () => {
  const report = reportOf({
    password_enabled: 'true',
    access_key_1_active: 'true',
    access_key_1_last_rotated: '2026-06-01T00:00:00+00:00',
    access_key_1_last_used_date: '2026-06-02T00:00:00+00:00',
    access_key_2_active: 'true',
    access_key_2_last_rotated: '2026-01-01T00:00:09+00:00',
  });
  const session = iamWith({ allow: rule.permissions.list, users: { AIDA1: 'ann' }, report });
  await expect(Array.fromAsync(rule.observe.list({ session }))).resolves.toMatchObject([
    {
      facts: {
        userCreated,
        hasPassword: true,
        activeKeys: [
          { created: '2026-01-01T00:00:09.000Z', used: false },
          { created: '2026-06-01T00:00:00.000Z', used: true },
        ],
      },
    },
  ]);
});
