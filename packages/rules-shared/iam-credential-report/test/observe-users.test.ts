import { fakeSession } from '@compliance/core/testing';
import { describe, expect, test } from 'vitest';

import { KEY_PERMISSIONS, observeKeys } from '../src/observe-keys.ts';
import { iamWith, reportOf } from '../src/testing/fake-iam.ts';

const observe = observeKeys((keys) => keys.map(({ created }) => created).toSorted());
const resource = { resourceType: 'AWS::IAM::User', resourceId: 'AIDA1' };
const created = '2026-01-01T00:00:00.000Z';

describe('observing one user', () => {
  const allow = KEY_PERMISSIONS.get;

  test('a user is observed with the active keys and the day of their last use', async () => {
    const session = iamWith({
      allow,
      users: { AIDA1: 'ann' },
      keys: {
        AKIA2: {},
        AKIA1: { lastUsed: '2026-11-19T23:00:00.000Z' },
        AKIA3: { status: 'Inactive' },
      },
    });
    await expect(observe.get(resource, { session })).resolves.toEqual({
      facts: [created, created],
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
    ['renamed', { AIDA1: 'anna' }],
    ['renamed, and its old name now belongs to another user', { AIDA2: 'ann', AIDA1: 'anna' }],
  ] as const)('a user is known by its id when it was %s', async ([, users]) => {
    const named = { ...resource, resourceName: 'ann' };
    const seen = await observe.get(named, { session: iamWith({ allow, users }) });
    expect(seen).toMatchObject({ handles: { userName: 'anna' } });
  });

  test('a user whose name another user took is gone', async () => {
    const named = { ...resource, resourceName: 'ann' };
    const session = iamWith({ allow, users: { AIDA2: 'ann' } });
    await expect(observe.get(named, { session })).resolves.toBeUndefined();
  });

  test('a user whose keys may not be read is a failure, not a verdict', async () => {
    const session = iamWith({ allow: ['iam:ListUsers'], users: { AIDA1: 'ann' } });
    await expect(observe.get(resource, { session })).rejects.toThrow('iam:ListAccessKeys');
  });

  test('one user is read live, never from the credential report', async () => {
    const session = iamWith({ allow, users: { AIDA1: 'ann' } });
    await observe.get(resource, { session });
    expect(session.sent.map(({ operation }) => operation)).toEqual(['ListUsers', 'ListAccessKeys']);
  });
});

describe('listing', () => {
  const key = (date: string, active = 'true') => ({
    access_key_1_active: active,
    access_key_1_last_rotated: date,
  });
  const report = reportOf(
    { user: '<root_account>', ...key('2020-01-01T00:00:00+00:00') },
    {
      user: 'smith, ann',
      ...key('2026-02-02T02:02:02+00:00'),
      access_key_2_active: 'true',
      access_key_2_last_rotated: '2026-01-01T01:01:01+00:00',
    },
    { user: 'inactive', ...key('2026-02-02T02:02:02+00:00', 'FALSE') },
    { user: 'undated', ...key('no_information') },
    { user: 'again', user_creation_time: '2025-01-01T00:00:00+00:00', ...key('2025-02-02T02:02:02+00:00') },
    { user: 'deleted', ...key('2026-02-02T02:02:02+00:00') },
  );
  const names = ['smith, ann', 'inactive', 'undated', 'again', 'new'];
  const users = Object.fromEntries(names.map((name) => [`AIDA-${name}`, name]));

  test('a listing has the facts of users in the report, and no facts of newer or undated ones', async () => {
    const session = iamWith({ allow: KEY_PERMISSIONS.list, users, report });
    const listed = await Array.fromAsync(observe.list({ session }));
    expect(
      listed.map((found) => [found.resource.resourceId, 'facts' in found ? found.facts : 'no facts']),
    ).toEqual([
      ['AIDA-smith, ann', ['2026-01-01T01:01:01.000Z', '2026-02-02T02:02:02.000Z']],
      ['AIDA-inactive', []],
      ['AIDA-undated', 'no facts'],
      ['AIDA-again', 'no facts'],
      ['AIDA-new', 'no facts'],
    ]);
    expect(session.sent).toHaveLength(3);
  });

  test('the rules of a sweep share the report and the list of users', async () => {
    const session = iamWith({ allow: KEY_PERMISSIONS.list, users, report });
    await Promise.all([observe, observe].map((rule) => Array.fromAsync(rule.list({ session }))));
    expect(session.sent).toHaveLength(3);
  });

  test('a listing without the permission for the report is a failure, not an empty listing', async () => {
    const session = fakeSession({ allow: [], answers: [] });
    await expect(Array.fromAsync(observe.list({ session }))).rejects.toThrow('iam:');
  });
});
