import {
  AddUserToGroupCommand,
  AttachGroupPolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreatePolicyCommand,
  GetAccountAuthorizationDetailsCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract, itemOf } from '@compliance/core/testing';
import { NOBODY, USER_NAME, user, type UserFixture } from '@compliance/iam-credential-report/testing';

import { rule } from '../src/rule.ts';

const DOCUMENT = JSON.stringify({
  Version: '2012-10-17',
  Statement: {
    Sid: 'Percent',
    Effect: 'Allow',
    Action: 's3:GetObject',
    Resource: 'arn:aws:s3:::b/100%25 %7B',
  },
});

/** A user in a group, with these policies, beside another user with a policy of its own. */
const userWith =
  ({
    inline = [],
    attached = [],
    ...fixture
  }: UserFixture & { inline?: readonly string[]; attached?: readonly string[] }) =>
  async (admin: Session) => {
    const client = admin.client(IAMClient);
    const resource = await user(fixture)(admin);
    const attach = async (PolicyName: string) => {
      const { Policy } = await client.send(new CreatePolicyCommand({ PolicyName, PolicyDocument: DOCUMENT }));
      return Policy?.Arn;
    };
    const GroupName = 'everybody';
    await client.send(new CreateGroupCommand({ GroupName }));
    await client.send(new AttachGroupPolicyCommand({ GroupName, PolicyArn: await attach('ofTheGroup') }));
    for (const UserName of [USER_NAME, 'bystander'])
      await client.send(new AddUserToGroupCommand({ GroupName, UserName }));
    await client.send(
      new PutUserPolicyCommand({ UserName: 'bystander', PolicyName: 'mine', PolicyDocument: DOCUMENT }),
    );
    for (const PolicyName of inline)
      await client.send(
        new PutUserPolicyCommand({ UserName: USER_NAME, PolicyName, PolicyDocument: DOCUMENT }),
      );
    for (const name of attached)
      await client.send(new AttachUserPolicyCommand({ UserName: USER_NAME, PolicyArn: await attach(name) }));
    return resource;
  };

const details = async (admin: Session) => {
  const { UserDetailList = [], GroupDetailList = [] } = await admin
    .client(IAMClient)
    .send(new GetAccountAuthorizationDetailsCommand({ Filter: ['User', 'Group'] }));
  return { users: UserDetailList, groups: GroupDetailList };
};

const item = async (resource: Resource, admin: Session) => {
  const { users } = await details(admin);
  const found = users.find(({ UserId }) => UserId === resource.resourceId);
  return itemOf(resource, admin, {
    arn: found?.Arn ?? '',
    resourceName: found?.UserName,
    configuration: {
      userPolicyList: found?.UserPolicyList?.map(({ PolicyName, PolicyDocument }) => ({
        policyName: PolicyName,
        policyDocument: PolicyDocument,
      })),
      attachedManagedPolicies: found?.AttachedManagedPolicies?.map(({ PolicyName, PolicyArn }) => ({
        policyName: PolicyName,
        policyArn: PolicyArn,
      })),
      groupList: found?.GroupList,
    },
  });
};

/** The other user and the other groups. */
const untouched = async (_: Resource, admin: Session) => {
  const { users, groups } = await details(admin);
  return {
    users: users.filter(({ UserName }) => UserName !== USER_NAME),
    groups: groups.filter(({ GroupName }) => GroupName === 'everybody'),
  };
};

describeRuleContract(rule, {
  parameters: { groupName: 'users-${aws:username}' },
  compliant: {
    'a user without policies, in a group that has one': userWith({}),
    'a user without policies, in a path': userWith({ path: '/teams/', named: true }),
  },
  nonCompliant: {
    'a user with a key and an inline policy': userWith({ inline: ['mine'], active: 1 }),
    'a user with an attached policy': userWith({ attached: ['ReadOnly'], named: true }),
    'a user in a path, with two policies of each kind': userWith({
      inline: ['b', 'a'],
      attached: ['second', 'first'],
      path: '/teams/',
    }),
  },
  item,
  untouched,
  gone: NOBODY,
});
