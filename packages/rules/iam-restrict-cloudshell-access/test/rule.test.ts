import { AccountId } from '@compliance/core';
import type { AttachedTo } from '@compliance/iam-account';
import { describe, expect, test } from 'vitest';

import { rule } from '../src/rule.ts';

const ACCOUNT = '111122223333';
const context = {
  parameters: {},
  accountId: AccountId.parse(ACCOUNT),
  region: 'us-gov-west-1',
  partition: 'aws-us-gov',
  now: new Date('2026-11-20T12:00:00Z'),
};
const factsOf = (facts: Partial<AttachedTo>): AttachedTo => ({ users: [], groups: [], roles: [], ...facts });

describe('judge', () => {
  test.for<[Partial<AttachedTo>, string]>([
    [{ users: ['ann'] }, 'AWSCloudShellFullAccess is attached to user ann.'],
    [{ groups: ['ops'], roles: ['admin'] }, 'AWSCloudShellFullAccess is attached to group ops, role admin.'],
    [
      { users: ['a', 'b', 'c'], roles: ['d'] },
      'AWSCloudShellFullAccess is attached to user a, user b, user c and 1 more.',
    ],
  ])('the account has one verdict, which names who has the policy: %j', ([facts, annotation]) => {
    expect(rule.judge(factsOf(facts), context)).toEqual({
      complianceType: 'NON_COMPLIANT',
      annotation,
    });
  });

  test('the longest names leave room for the reason', () => {
    const verdict = rule.judge(
      factsOf({ groups: ['g'.repeat(128)], roles: ['r'.repeat(128), 'x'] }),
      context,
    );
    expect(verdict).toMatchObject({ annotation: expect.stringMatching(/^.{1,250}$/) });
  });
});

describe('fix', () => {
  const fixOf = (facts: Partial<AttachedTo>) =>
    rule.fix?.({
      ...context,
      resource: { resourceType: 'AWS::::Account', resourceId: ACCOUNT },
      facts: factsOf(facts),
      handles: undefined,
    });

  test('a role of a permission set is left to a person, beside roles that are fixed', () => {
    expect(fixOf({ roles: ['AWSReservedSSO_Dev_1', 'admin'] })).toMatchObject({
      steps: [{ input: { RoleName: 'admin' } }],
      effectiveAfter: { manual: expect.stringContaining('AWSReservedSSO_Dev_1') },
    });
  });

  test('the ARN of the policy has the partition of the account', () => {
    expect(fixOf({ users: ['ann'] })).toMatchObject({
      risk: 'disruptive',
      steps: [{ input: { PolicyArn: 'arn:aws-us-gov:iam::aws:policy/AWSCloudShellFullAccess' } }],
    });
  });
});

test('only this policy may be detached and attached', () => {
  for (const grant of [...rule.permissions.fix, ...rule.permissions.undo])
    expect(grant).toMatchObject({
      condition: { ArnLike: { 'iam:PolicyARN': 'arn:*:iam::aws:policy/AWSCloudShellFullAccess' } },
    });
});
