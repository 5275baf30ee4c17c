import {
  AttachGroupPolicyCommand,
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateGroupCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  ListAttachedUserPoliciesCommand,
} from '@aws-sdk/client-iam';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const CLOUDSHELL = 'arn:aws:iam::aws:policy/AWSCloudShellFullAccess';
const SUPPORT = 'arn:aws:iam::aws:policy/AWSSupportAccess';

const account = async (admin: Session): Promise<Resource> => ({
  resourceType: 'AWS::::Account',
  resourceId: admin.accountId,
});

const userWith =
  (...policies: readonly string[]) =>
  async (admin: Session) => {
    const client = admin.client(IAMClient);
    await client.send(new CreateUserCommand({ UserName: 'ops' }));
    for (const PolicyArn of policies)
      await client.send(new AttachUserPolicyCommand({ UserName: 'ops', PolicyArn }));
    return account(admin);
  };

const roleWith = (RoleName: string) => async (admin: Session) => {
  const client = admin.client(IAMClient);
  await client.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' }));
  await client.send(new AttachRolePolicyCommand({ RoleName, PolicyArn: CLOUDSHELL }));
  return account(admin);
};

const groupWith = async (admin: Session) => {
  const client = admin.client(IAMClient);
  await client.send(new CreateGroupCommand({ GroupName: 'ops' }));
  await client.send(new AttachGroupPolicyCommand({ GroupName: 'ops', PolicyArn: CLOUDSHELL }));
  return account(admin);
};

const everyKind = async (admin: Session) => {
  await userWith(CLOUDSHELL, SUPPORT)(admin);
  await groupWith(admin);
  return roleWith('ops')(admin);
};

const otherPolicies = async (_: Resource, admin: Session) => {
  const { AttachedPolicies = [] } = await admin
    .client(IAMClient)
    .send(new ListAttachedUserPoliciesCommand({ UserName: 'ops' }));
  return AttachedPolicies.filter(({ PolicyArn }) => PolicyArn !== CLOUDSHELL);
};

describeRuleContract(rule, {
  compliant: { 'an account whose user has another policy': userWith(SUPPORT) },
  nonCompliant: {
    'an account whose user, group and role have full access, and the user another policy': everyKind,
  },
  untouched: otherPolicies,
});

describeRuleContract(rule, {
  compliant: {},
  nonCompliant: {},
  manual: {
    'an account whose only role with full access is of a permission set': roleWith('AWSReservedSSO_Dev_1'),
  },
  unproven: Object.fromEntries(
    [...rule.permissions.fix, ...rule.permissions.undo].map((grant) => [
      typeof grant === 'string' ? grant : grant.action,
      'The contract above proves it.',
    ]),
  ),
});
