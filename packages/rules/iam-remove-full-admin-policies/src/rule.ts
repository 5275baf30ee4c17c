import { compliant, defineRule, firstOf, nonCompliant } from '@compliance/core/rule';
import { ATTACH_AGAIN, describeEntity, IN_USE_READS } from '@compliance/iam-account';
import * as z from 'zod';

import { detachPolicy } from './detach-policy.ts';
import { violatingEntities } from './entities.ts';
import { Facts, Handles, POLICY, getPolicy, listPolicies, parseItem } from './observe.ts';

const USERS = 'arn:*:iam::*:user/*';
const GROUPS = 'arn:*:iam::*:group/*';
const ROLES = 'arn:*:iam::*:role/*';

export const rule = defineRule({
  command: 'IAM_REMOVE_FULL_ADMIN_POLICIES',
  title: 'No attached policy allows every action on every resource',
  rationale: 'Nothing limits the damage of a stolen credential or of a mistake with such a policy.',
  severity: 'high',
  resourceType: POLICY,
  deploy: 'home-region',
  impact:
    'Users, members of the groups and whatever runs as the roles lose all that no other policy grants them.',
  triggers: ['change', 'schedule'],
  controls: {
    'cis-1.2': ['1.22'],
    'cis-1.3': ['1.16'],
    'cis-1.4': ['1.16'],
    'cis-1.5': ['1.16'],
    'cis-2.0': ['1.16'],
    'cis-3.0': ['1.16'],
    'cis-4.0': ['1.16'],
    'cis-4.0.1': ['1.16'],
    'cis-5.0': ['1.15'],
    'cis-6.0': ['2.15'],
    'cis-7.0': ['2.14'],
    'aws-fsbp': ['IAM.1'],
  },
  equivalents: {
    config: ['IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS'],
    securityHub: ['IAM.1'],
    prowler: [
      'iam_aws_attached_policy_no_administrative_privileges',
      'iam_customer_attached_policy_no_administrative_privileges',
    ],
    steampipe: ['iam_policy_all_attached_no_star_star'],
    custodian: ['iam-policy: used + has-allow-all'],
  },
  partly:
    'AdministratorAccess of AWS, which AWS Config does not record and which the landing zone and Identity Center attach; inline policies.',
  parameters: z.object({
    allowedPolicyArns: z
      .array(z.string())
      .default([])
      .describe(
        'Policies that administrators keep, by ARN or pattern (*). A fix needs one at least: it removes no policy before somebody decided which stay.',
      ),
    exemptRoleNamePatterns: z
      .array(z.string())
      .default(['AWSReservedSSO_*', 'OrganizationAccountAccessRole'])
      .describe('Roles that may have such a policy, by name or pattern (*). A fix leaves them alone.'),
  }),
  needs: ['allowedPolicyArns'],
  facts: Facts,
  handles: Handles,
  permissions: {
    list: ['iam:GetAccountAuthorizationDetails'],
    get: [
      'iam:ListPolicies',
      'iam:GetPolicy',
      'iam:GetPolicyVersion',
      'iam:ListEntitiesForPolicy',
      ...IN_USE_READS,
    ],
    fix: [
      { action: 'iam:DetachUserPolicy', resource: USERS },
      { action: 'iam:DetachGroupPolicy', resource: GROUPS },
      { action: 'iam:DetachRolePolicy', resource: ROLES },
    ],
    undo: [
      { action: 'iam:AttachUserPolicy', resource: USERS },
      { action: 'iam:AttachGroupPolicy', resource: GROUPS },
      { action: 'iam:AttachRolePolicy', resource: ROLES },
    ],
  },

  observe: { item: parseItem, get: getPolicy, list: listPolicies },

  judge: (facts, { parameters }) => {
    const entities = violatingEntities(facts, parameters);
    if (entities.length === 0) return compliant();
    const [how = ''] = facts.fullAdmin;
    return nonCompliant(`${how} is allowed on all resources to ${firstOf(entities.map(describeEntity))}.`);
  },

  fix: ({ facts, handles, parameters }) =>
    detachPolicy(violatingEntities(facts, parameters), { facts, handles, parameters }),

  undo: ATTACH_AGAIN,
});
