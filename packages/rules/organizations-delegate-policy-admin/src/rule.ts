import {
  ACCOUNT_TYPE,
  AccountId,
  change,
  compliant,
  defineRule,
  firstOf,
  edit,
  nonCompliant,
  notApplicable,
} from '@compliance/core/rule';
import { NO_ORGANIZATION, observeOrganization } from '@compliance/organization';
import * as z from 'zod';

import { readDelegates, resourcePolicy, withDelegate } from './resource-policy.ts';

const READS = ['organizations:DescribeResourcePolicy'];
const PUT = {
  action: 'organizations:PutResourcePolicy',
  resource: 'arn:*:organizations::*:resourcepolicy/o-*/rp-*',
};

export const rule = defineRule({
  command: 'ORGANIZATIONS_DELEGATE_POLICY_ADMIN',
  title: 'Policies of the organization are managed by a member account',
  rationale: 'The authors of guardrails would otherwise work in the one account that no guardrail restricts.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  only: 'management-account',
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: { 'cis-7.0': ['2.1.5'] },
  equivalents: { prowler: ['organizations_delegated_administrators'] },
  partly:
    'Which types of policies and which organizational units the delegate may manage, and whether the account is fit for it.',
  parameters: z.object({
    policyAdminAccountId: AccountId.nullable()
      .default(null)
      .describe('The account that must manage the policies. null: any member account; a fix needs it.'),
  }),
  needs: ['policyAdminAccountId'],
  impact: 'The delegate may attach policies that take permissions away in every member account.',
  facts: z.object({ organization: z.object({ delegates: z.array(z.string()) }).nullable() }),
  permissions: {
    list: READS,
    get: READS,
    fix: [PUT],
    undo: [PUT, 'organizations:DeleteResourcePolicy'],
  },

  observe: observeOrganization(async (session) => ({ delegates: await readDelegates(session) })),

  judge: ({ organization }, { accountId, parameters: { policyAdminAccountId: expected } }) => {
    if (!organization) return notApplicable(NO_ORGANIZATION);
    // The management account manages all policies anyway.
    const delegates = organization.delegates.filter((delegate) => delegate !== accountId);
    const isMet = expected === null ? delegates.length > 0 : delegates.includes(expected);
    if (isMet) return compliant();
    if (delegates.length === 0)
      return nonCompliant('The organization delegates its policies to no member account.');
    return nonCompliant(`Policies are delegated to ${firstOf(delegates)}, not to ${expected}.`);
  },

  fix: ({ accountId, partition, parameters: { policyAdminAccountId: delegate } }) => {
    if (delegate === null)
      return { manual: 'Set the parameter policyAdminAccountId to the account that manages policies.' };
    if (delegate === accountId)
      return {
        manual: 'Set the parameter policyAdminAccountId to a member: the management account is none.',
      };
    return change({
      description: `Delegate the organization's policies, of every type, to ${delegate}`,
      risk: 'disruptive',
      inCode: {
        terraform: `aws_organizations_resource_policy: content allows ${delegate} to manage policies`,
        cloudFormation: `AWS::Organizations::ResourcePolicy: Content allows ${delegate} to manage policies`,
      },
      steps: [
        edit(resourcePolicy, (policy) => withDelegate(policy, `arn:${partition}:iam::${delegate}:root`)),
      ],
    });
  },

  undo: { documents: [resourcePolicy] },
});
