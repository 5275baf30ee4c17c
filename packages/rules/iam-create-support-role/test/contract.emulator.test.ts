import {
  AttachRolePolicyCommand,
  AttachUserPolicyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import type { Resource, Session } from '@compliance/core';
import { describeRuleContract } from '@compliance/core/testing';

import { rule } from '../src/rule.ts';

const PolicyArn = 'arn:aws:iam::aws:policy/AWSSupportAccess';

const account = async (admin: Session): Promise<Resource> => ({
  resourceType: 'AWS::::Account',
  resourceId: admin.accountId,
});

const supportRole = async (admin: Session) => {
  const client = admin.client(IAMClient);
  await client.send(new CreateRoleCommand({ RoleName: 'helpdesk', AssumeRolePolicyDocument: '{}' }));
  await client.send(new AttachRolePolicyCommand({ RoleName: 'helpdesk', PolicyArn }));
  return account(admin);
};

const supportUser = async (admin: Session) => {
  const client = admin.client(IAMClient);
  await client.send(new CreateUserCommand({ UserName: 'helpdesk' }));
  await client.send(new AttachUserPolicyCommand({ UserName: 'helpdesk', PolicyArn }));
  return account(admin);
};

describeRuleContract(rule, {
  parameters: { trustedPrincipals: ['arn:{partition}:iam::{accountId}:root'] },
  compliant: { 'an account with a role for AWS Support': supportRole },
  nonCompliant: {
    'an account without a role': account,
    'an account whose only user with access to AWS Support is no role': supportUser,
  },
});

describeRuleContract(rule, {
  compliant: {},
  nonCompliant: {},
  manual: { 'an account for which the settings trust nobody': account },
  unproven: Object.fromEntries(
    ['CreateRole', 'AttachRolePolicy', 'DetachRolePolicy', 'DeleteRole'].map((operation) => [
      `iam:${operation}`,
      'The contract above proves it.',
    ]),
  ),
});
