import { DeleteRoleCommand, DetachRolePolicyCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  observeAccount,
  operation,
} from '@compliance/core/rule';
import { attachedTo, managedPolicyArn } from '@compliance/iam-account';
import * as z from 'zod';

import { createSupportRole, POLICY, ROLE } from './create-support-role.ts';
import { Parameters } from './parameters.ts';

const READS = ['iam:ListEntitiesForPolicy'];
const resource = `arn:*:iam::*:role/${ROLE}`;
const condition = { ArnLike: { 'iam:PolicyARN': `arn:*:iam::aws:policy/${POLICY}` } };

export const rule = defineRule({
  command: 'IAM_CREATE_SUPPORT_ROLE',
  title: 'A role gives access to AWS Support',
  rationale: 'In an incident somebody has to open a case at once, and needs no more than that to do it.',
  severity: 'low',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.20'],
    'cis-1.3': ['1.17'],
    'cis-1.4': ['1.17'],
    'cis-1.5': ['1.17'],
    'cis-2.0': ['1.17'],
    'cis-3.0': ['1.17'],
    'cis-4.0': ['1.17'],
    'cis-4.0.1': ['1.17'],
    'cis-5.0': ['1.16'],
    'cis-6.0': ['2.16'],
    'cis-7.0': ['2.15'],
  },
  equivalents: {
    config: ['IAM_POLICY_IN_USE'],
    securityHub: ['IAM.18'],
    prowler: ['iam_support_role_created'],
    steampipe: ['iam_support_role'],
    custodian: ['iam-role: has-specific-managed-policy (AWSSupportAccess)'],
  },
  parameters: Parameters,
  needs: ['trustedPrincipals'],
  facts: z.object({ roles: z.array(z.string()) }),
  permissions: {
    list: READS,
    get: READS,
    fix: [
      { action: 'iam:CreateRole', resource },
      { action: 'iam:AttachRolePolicy', resource, condition },
    ],
    undo: [
      { action: 'iam:DetachRolePolicy', resource, condition },
      { action: 'iam:DeleteRole', resource },
    ],
  },

  observe: observeAccount(async (session) => {
    const { roles } = await attachedTo(managedPolicyArn(POLICY, session.partition), session, {
      only: 'Role',
    });
    // AWS assumes its own roles, such as AWSServiceRoleForSupport; nobody else can.
    return { facts: { roles: roles.filter((name) => !name.startsWith('AWSServiceRoleFor')) } };
  }),

  judge: ({ roles }) => (roles.length > 0 ? compliant() : nonCompliant(`No role has the policy ${POLICY}.`)),

  fix: (input) => createSupportRole(input),

  undo: {
    operations: [operation(IAMClient, DetachRolePolicyCommand), operation(IAMClient, DeleteRoleCommand)],
  },
});
