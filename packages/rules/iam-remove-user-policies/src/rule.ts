import {
  AttachUserPolicyCommand,
  DeleteGroupCommand,
  DeleteGroupPolicyCommand,
  DetachGroupPolicyCommand,
  IAMClient,
  PutUserPolicyCommand,
  RemoveUserFromGroupCommand,
} from '@aws-sdk/client-iam';
import { compliant, defineRule, firstOf, nonCompliant, operation } from '@compliance/core/rule';
import { USER, USE_READS } from '@compliance/iam-credential-report';

import { Parameters, movePolicies } from './move-policies.ts';
import { Facts, Handles, getUserPolicies, listUserPolicies, parseItem } from './observe.ts';

const USERS = 'arn:*:iam::*:user/*';
const GROUPS = 'arn:*:iam::*:group/*';

export const rule = defineRule({
  command: 'IAM_REMOVE_USER_POLICIES',
  title: 'IAM users get permissions from groups only',
  rationale:
    'Permissions of single users are hard to review, and stay when the person changes to other work.',
  severity: 'low',
  resourceType: USER,
  deploy: 'home-region',
  impact:
    'The user may lack its permissions for seconds, until IAM knows its new group. With detachOnly it keeps only what its groups grant.',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.2': ['1.16'],
    'cis-1.3': ['1.15'],
    'cis-1.4': ['1.15'],
    'cis-1.5': ['1.15'],
    'cis-2.0': ['1.15'],
    'cis-3.0': ['1.15'],
    'cis-4.0': ['1.15'],
    'cis-4.0.1': ['1.15'],
    'cis-5.0': ['1.14'],
    'cis-6.0': ['2.14'],
    'cis-7.0': ['2.13'],
    'aws-fsbp': ['IAM.2'],
  },
  equivalents: {
    config: ['IAM_USER_NO_POLICIES_CHECK'],
    securityHub: ['IAM.2'],
    prowler: ['iam_policy_attached_only_to_group_or_roles'],
    steampipe: ['iam_user_no_inline_attached_policies', 'iam_user_no_policies'],
    custodian: ['iam-user: policy / has-inline-policy'],
  },
  parameters: Parameters,
  needs: ['groupName'],
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['iam:GetAccountAuthorizationDetails'],
    get: [
      'iam:GetUser',
      'iam:ListUsers',
      'iam:ListUserPolicies',
      'iam:GetUserPolicy',
      'iam:ListAttachedUserPolicies',
      'iam:ListGroupsForUser',
      ...USE_READS,
    ],
    fix: [
      { action: 'iam:CreateGroup', resource: GROUPS },
      { action: 'iam:AttachGroupPolicy', resource: GROUPS },
      { action: 'iam:PutGroupPolicy', resource: GROUPS },
      { action: 'iam:AddUserToGroup', resource: GROUPS },
      { action: 'iam:DetachUserPolicy', resource: USERS },
      { action: 'iam:DeleteUserPolicy', resource: USERS },
    ],
    undo: [
      { action: 'iam:AttachUserPolicy', resource: USERS },
      { action: 'iam:PutUserPolicy', resource: USERS },
      { action: 'iam:RemoveUserFromGroup', resource: GROUPS },
      { action: 'iam:DetachGroupPolicy', resource: GROUPS },
      { action: 'iam:DeleteGroupPolicy', resource: GROUPS },
      { action: 'iam:DeleteGroup', resource: GROUPS },
    ],
  },

  observe: { item: parseItem, get: getUserPolicies, list: listUserPolicies },

  judge: ({ inlinePolicies, attachedPolicies }) => {
    const found = [
      ...inlinePolicies.map((name) => `inline ${name}`),
      ...attachedPolicies.map((arn) => `attached ${nameOf(arn)}`),
    ];
    if (found.length === 0) return compliant();
    return nonCompliant(`The user has policies of its own: ${firstOf(found)}.`);
  },

  fix: ({ handles, parameters }) => movePolicies(handles, parameters),

  undo: {
    operations: [
      operation(IAMClient, AttachUserPolicyCommand),
      operation(IAMClient, PutUserPolicyCommand),
      operation(IAMClient, RemoveUserFromGroupCommand),
      operation(IAMClient, DetachGroupPolicyCommand),
      operation(IAMClient, DeleteGroupPolicyCommand),
      operation(IAMClient, DeleteGroupCommand),
    ],
  },
});

const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf('/') + 1);
