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
  now,
});

describe('judge', () => {
  test.for([
    ['no active key', [], {}, 'COMPLIANT'],
    ['a key of today', ['2026-11-20T11:00:00.000Z'], {}, 'COMPLIANT'],
    ['a key of exactly 90 days', ['2026-08-22T12:00:00.000Z'], {}, 'COMPLIANT'],
    ['a key of 90 days and 23 hours', ['2026-08-21T13:00:00.000Z'], {}, 'COMPLIANT'],
    ['a key of 91 days', ['2026-08-21T12:00:00.000Z'], {}, 'NON_COMPLIANT'],
    ['one key old, one fresh', ['2020-01-01T00:00:00.000Z', '2026-11-20T11:00:00.000Z'], {}, 'NON_COMPLIANT'],
    ['a key of 40 days', ['2026-10-11T12:00:00.000Z'], { maxAccessKeyAge: 30 }, 'NON_COMPLIANT'],
    ['an old key', ['2020-01-01T00:00:00.000Z'], { maxAccessKeyAge: 3650 }, 'COMPLIANT'],
  ] as const)('%s', ([, activeKeysCreated, parameters, complianceType]) => {
    const verdict = rule.judge({ activeKeysCreated: [...activeKeysCreated] }, context(parameters));
    expect(verdict).toMatchObject({ complianceType });
  });

  test('the annotation names the days of creation, which do not change from day to day', () => {
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

  test('deactivates the old keys alone, and never deletes', () => {
    const fix = fixOf([key('AKIA1', '2026-11-20'), key('AKIA2', null, '2026-11-01T00:00:00.000Z')]);
    expect(fix).toMatchObject({ risk: 'disruptive', steps: [{ operation: { name: 'UpdateAccessKey' } }] });
    expect(inputs(fix)).toEqual([{ UserName: 'ann', AccessKeyId: 'AKIA1', Status: 'Inactive' }]);
  });

  test.for([
    ['used today', '2026-11-20', false],
    ['used 30 days ago, at an hour nobody knows', '2026-10-21', false],
    ['used 31 days ago', '2026-10-20', true],
    ['never used', null, true],
  ] as const)('asked to spare keys used within 30 days, of one %s', ([, lastUsed, deactivated]) => {
    const fix = fixOf([key('AKIA1', lastUsed)], { onlyIfUnusedDays: 30 });
    expect(inputs(fix)).toEqual(
      deactivated ? [{ UserName: 'ann', AccessKeyId: 'AKIA1', Status: 'Inactive' }] : undefined,
    );
  });

  test('a key in use is left to a person, who is told which', () => {
    expect(fixOf([key('AKIA1', '2026-11-19')], { onlyIfUnusedDays: 30 })).toEqual({
      manual:
        'Give user ann a new key in place of AKIA1 (last used on 2026-11-19), then deactivate the old one.',
    });
  });

  test('of two old keys the idle one is deactivated; the other one keeps the user from being compliant', () => {
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

  test('tells the active keys, each with the day of its last use', async () => {
    const session = iamWith([user('AIDA1', 'ann')], { AKIA2: 'Active', AKIA1: 'Active', AKIA3: 'Inactive' });
    const created = '2026-01-01T00:00:00.000Z';
    await expect(rule.observe.get(resource, { session })).resolves.toEqual({
      facts: { activeKeysCreated: [created, created] },
      identity: { resourceName: 'ann' },
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
    ['renamed, and its old name is now of another user', [user('AIDA2', 'ann'), user('AIDA1', 'anna')]],
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

  test('tells what the report knows of the users there are, and asks for the others one by one', async () => {
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
      listed.map((found) => [found.resource.resourceId, 'facts' in found ? found.facts : 'not told']),
    ).toEqual([
      ['AIDA-smith, ann', { activeKeysCreated: ['2026-01-01T01:01:01.000Z', '2026-02-02T02:02:02.000Z'] }],
      ['AIDA-inactive', { activeKeysCreated: [] }],
      ['AIDA-undated', 'not told'],
      ['AIDA-again', 'not told'],
      ['AIDA-new', 'not told'],
    ]);
    expect(session.sent).toHaveLength(3);
  });
});
