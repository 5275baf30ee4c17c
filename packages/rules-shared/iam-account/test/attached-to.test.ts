import {
  IAMClient,
  ListEntitiesForPolicyCommand,
  type ListEntitiesForPolicyCommandInput,
} from '@aws-sdk/client-iam';
import { awsError, fakeSession, on } from '@compliance/core/testing';
import { expect, test } from 'vitest';

import { attachedTo, managedPolicyArn } from '../src/attached-to.ts';

const ARN = 'arn:aws:iam::aws:policy/Example';
const allow = ['iam:ListEntitiesForPolicy'];

test('those with a policy are read on all pages and sorted, without those whose boundary it is', async () => {
  const session = fakeSession({
    allow,
    answers: [
      on(IAMClient, ListEntitiesForPolicyCommand, ({ Marker }: ListEntitiesForPolicyCommandInput) =>
        Marker === undefined
          ? {
              PolicyUsers: [{ UserName: 'b' }],
              PolicyRoles: [{ RoleName: 'z' }],
              IsTruncated: true,
              Marker: '2',
            }
          : { PolicyUsers: [{ UserName: 'a' }], PolicyGroups: [{ GroupName: 'g' }], IsTruncated: false },
      ),
    ],
  });
  await expect(attachedTo(managedPolicyArn('Example', 'aws-cn'), session)).resolves.toEqual({
    users: ['a', 'b'],
    groups: ['g'],
    roles: ['z'],
  });
  expect(session.sent[0]?.input).toMatchObject({
    PolicyArn: 'arn:aws-cn:iam::aws:policy/Example',
    PolicyUsageFilter: 'PermissionsPolicy',
  });
});

const failing = (code: string) =>
  fakeSession({
    allow,
    answers: [
      on(IAMClient, ListEntitiesForPolicyCommand, () => {
        throw awsError(code);
      }),
    ],
  });

test('in a partition without the policy nobody has it', async () => {
  await expect(attachedTo(ARN, failing('NoSuchEntityException'))).resolves.toEqual({
    users: [],
    groups: [],
    roles: [],
  });
});

test('a policy that may not be read is a failure, not a policy that nobody has', async () => {
  await expect(attachedTo(ARN, failing('AccessDenied'))).rejects.toThrow('AccessDenied');
});
