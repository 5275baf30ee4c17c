import {
  GenerateCredentialReportCommand,
  GetAccessKeyLastUsedCommand,
  GetCredentialReportCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUsersCommand,
  type User,
} from '@aws-sdk/client-iam';
import { AccountId, type CallStep } from '@compliance/core';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import type { Key } from '../src/observe.ts';
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

describe('observing one user', () => {
  /** A stateful fake of IAM: users by id and name, and their keys. */
  const iamWith = (users: readonly User[], keys: Readonly<Record<string, 'Active' | 'Inactive'>> = {}) =>
    fakeSession({
      allow: rule.permissions.get,
      answers: [
        on(IAMClient, GetUserCommand, ({ UserName }: { UserName?: string }) => {
          const found = users.find((user) => user.UserName === UserName);
          if (!found) throw awsError('NoSuchEntityException', 'no such user', 404);
          return { User: found };
        }),
        on(IAMClient, ListUsersCommand, () => ({ Users: [...users] })),
        on(IAMClient, ListAccessKeysCommand, () => ({
          AccessKeyMetadata: Object.entries(keys).map(([AccessKeyId, Status]) => ({
            AccessKeyId,
            Status,
            CreateDate: new Date('2026-01-01T00:00:00.000Z'),
          })),
        })),
        on(IAMClient, GetAccessKeyLastUsedCommand, ({ AccessKeyId }) => ({
          AccessKeyLastUsed: {
            ServiceName: 's3',
            Region: 'eu-west-1',
            LastUsedDate: AccessKeyId === 'AKIA1' ? new Date('2026-11-19T23:00:00.000Z') : undefined,
          },
        })),
      ],
    });
  const user = (UserId: string, UserName: string): User => ({
    UserId,
    UserName,
    Path: '/',
    Arn: `arn:aws:iam::111122223333:user/${UserName}`,
    CreateDate: new Date('2026-01-01T00:00:00.000Z'),
  });

  test('a user is observed with the active keys and the day of their last use', async () => {
    const session = iamWith([user('AIDA1', 'ann')], { AKIA2: 'Active', AKIA1: 'Active', AKIA3: 'Inactive' });
    const created = '2026-01-01T00:00:00.000Z';
    await expect(rule.observe.get(resource, { session })).resolves.toEqual({
      facts: { activeKeysCreated: [created, created] },
      identity: { resourceName: 'ann', arn: 'arn:aws:iam::111122223333:user/ann' },
      handles: {
        userName: 'ann',
        keys: [
          { accessKeyId: 'AKIA1', created, lastUsed: '2026-11-19' },
          { accessKeyId: 'AKIA2', created, lastUsed: null },
        ],
      },
    });
  });

  test.for([
    ['renamed', [user('AIDA1', 'anna')]],
    ['renamed, and its old name now belongs to another user', [user('AIDA2', 'ann'), user('AIDA1', 'anna')]],
  ] as const)('a user is known by its id when it was %s', async ([, users]) => {
    const named = { ...resource, resourceName: 'ann' };
    const seen = await rule.observe.get(named, { session: iamWith(users) });
    expect(seen).toMatchObject({ handles: { userName: 'anna' } });
  });

  test('a user whose name another user took is gone', async () => {
    const named = { ...resource, resourceName: 'ann' };
    await expect(
      rule.observe.get(named, { session: iamWith([user('AIDA2', 'ann')]) }),
    ).resolves.toBeUndefined();
  });

  test('a user whose keys may not be read is a failure, not a verdict', async () => {
    const session = fakeSession({
      allow: ['iam:ListUsers'],
      answers: [on(IAMClient, ListUsersCommand, () => ({ Users: [user('AIDA1', 'ann')] }))],
    });
    await expect(rule.observe.get(resource, { session })).rejects.toThrow('iam:ListAccessKeys');
  });
});

describe('listing', () => {
  const created = new Date('2026-01-01T00:00:00.000Z');
  const user = (UserName: string, CreateDate = created): User => ({
    UserId: `AIDA-${UserName}`,
    UserName,
    Path: '/',
    Arn: `arn:aws:iam::111122223333:user/${UserName}`,
    CreateDate,
  });
  const REPORT = [
    'user,arn,user_creation_time,password_enabled,access_key_1_active,access_key_1_last_rotated,access_key_2_active,access_key_2_last_rotated',
    '<root_account>,arn:aws:iam::111122223333:root,2020-01-01T00:00:00+00:00,not_supported,true,2020-01-01T00:00:00+00:00,false,N/A',
    '"smith, ann",arn,2026-01-01T00:00:00+00:00,true,true,2026-02-02T02:02:02+00:00,true,2026-01-01T01:01:01+00:00',
    'inactive,arn,2026-01-01T00:00:00+00:00,true,FALSE,2026-02-02T02:02:02+00:00,false,N/A',
    'undated,arn,2026-01-01T00:00:00+00:00,true,true,no_information,false,N/A',
    'again,arn,2025-01-01T00:00:00+00:00,true,true,2025-02-02T02:02:02+00:00,false,N/A',
    'deleted,arn,2026-01-01T00:00:00+00:00,true,true,2026-02-02T02:02:02+00:00,false,N/A',
  ].join('\n');

  test('a listing has the facts of users in the report, and no facts of newer or undated ones', async () => {
    const session = fakeSession({
      allow: rule.permissions.list,
      answers: [
        on(IAMClient, GenerateCredentialReportCommand, () => ({ State: 'COMPLETE' as const })),
        on(IAMClient, GetCredentialReportCommand, () => ({ Content: new TextEncoder().encode(REPORT) })),
        on(IAMClient, ListUsersCommand, () => ({
          Users: ['smith, ann', 'inactive', 'undated', 'again', 'new'].map((name) => user(name)),
        })),
      ],
    });
    const listed = await Array.fromAsync(rule.observe.list({ session }));
    expect(
      listed.map((found) => [found.resource.resourceId, 'facts' in found ? found.facts : 'no facts']),
    ).toEqual([
      ['AIDA-smith, ann', { activeKeysCreated: ['2026-01-01T01:01:01.000Z', '2026-02-02T02:02:02.000Z'] }],
      ['AIDA-inactive', { activeKeysCreated: [] }],
      ['AIDA-undated', 'no facts'],
      ['AIDA-again', 'no facts'],
      ['AIDA-new', 'no facts'],
    ]);
    expect(session.sent).toHaveLength(3);
  });
});
