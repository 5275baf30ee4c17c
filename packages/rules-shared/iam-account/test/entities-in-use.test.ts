import {
  GetAccessKeyLastUsedCommand,
  GetGroupCommand,
  GetRoleCommand,
  GetUserCommand,
  IAMClient,
  ListAccessKeysCommand,
} from '@aws-sdk/client-iam';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import type { Entity } from '../src/detach.ts';
import { entitiesInUse, IN_USE_READS } from '../src/entities-in-use.ts';

const USED = new Date('2026-11-19T10:00:00.000Z');
const CREATED = { CreateDate: new Date('2026-01-01T00:00:00.000Z') };

/** A fake of IAM: what has `used` or `member` in its name is in use, and what has `gone` does not exist. */
const session = fakeSession({
  allow: IN_USE_READS,
  answers: [
    on(IAMClient, GetUserCommand, ({ UserName = '' }: { UserName?: string }) => ({
      User: {
        ...thatExists({ UserName, UserId: `AIDA${UserName}`, Path: '/', Arn: 'arn' }, UserName),
        ...CREATED,
        ...(UserName.includes('password-used') && { PasswordLastUsed: USED }),
      },
    })),
    on(IAMClient, ListAccessKeysCommand, ({ UserName = '' }: { UserName?: string }) => ({
      AccessKeyMetadata: [{ AccessKeyId: UserName, Status: 'Active' as const, ...CREATED }],
    })),
    on(IAMClient, GetAccessKeyLastUsedCommand, ({ AccessKeyId }: { AccessKeyId: string | undefined }) => ({
      AccessKeyLastUsed: {
        ServiceName: 's3',
        Region: 'eu-west-1',
        LastUsedDate: AccessKeyId?.includes('key-used') ? USED : undefined,
      },
    })),
    on(IAMClient, GetGroupCommand, ({ GroupName = '' }: { GroupName: string | undefined }) => ({
      ...thatExists({ Group: undefined }, GroupName),
      Users: GroupName.includes('member')
        ? [{ UserName: 'ann', UserId: 'AIDA', Path: '/', Arn: 'arn', ...CREATED }]
        : [],
    })),
    on(IAMClient, GetRoleCommand, ({ RoleName = '' }: { RoleName: string | undefined }) => ({
      Role: {
        ...thatExists({ RoleName, RoleId: 'AROA', Path: '/', Arn: 'arn' }, RoleName),
        ...CREATED,
        ...(RoleName.includes('used') && { RoleLastUsed: { LastUsedDate: USED } }),
      },
    })),
  ],
});

const thatExists = <T>(value: T, name: string): T => {
  if (name.includes('gone')) throw awsError('NoSuchEntityException', 'no such entity', 404);
  return value;
};

test('a user, a group or a role is in use when somebody would miss what it may do', async () => {
  const used: readonly Entity[] = [
    { kind: 'user', name: 'password-used' },
    { kind: 'user', name: 'key-used' },
    { kind: 'group', name: 'with-member' },
    { kind: 'role', name: 'used' },
  ];
  const unused: readonly Entity[] = (['user', 'group', 'role'] as const).flatMap((kind) => [
    { kind, name: 'idle' },
    { kind, name: 'gone' },
  ]);
  await expect(entitiesInUse([...unused, ...used], session)).resolves.toEqual(used);
});
