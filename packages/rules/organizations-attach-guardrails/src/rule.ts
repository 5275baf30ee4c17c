import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  shortened,
} from '@compliance/core/rule';
import { NO_ORGANIZATION, observeOrganization } from '@compliance/organization';
import * as z from 'zod';

import { Guardrails, readGuardrails } from './guardrails.ts';
import { uncoveredAccounts } from './uncovered.ts';

const READS = [
  'organizations:ListRoots',
  'organizations:ListPolicies',
  'organizations:ListTargetsForPolicy',
  'organizations:DescribePolicy',
  'organizations:ListAccountsForParent',
  'organizations:ListOrganizationalUnitsForParent',
];

export const rule = defineRule({
  command: 'ORGANIZATIONS_ATTACH_GUARDRAILS',
  title: 'Guardrails of the organization reach every member account',
  rationale: 'An administrator of an account can turn its logs off, unless a policy from above forbids it.',
  severity: 'high',
  resourceType: ACCOUNT_TYPE,
  only: 'management-account',
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: { 'cis-7.0': ['2.1.2'] },
  partly:
    'Whether the guardrails fit the organization. The content of resource control and declarative policies, and what an allow list leaves out.',
  parameters: z.object({
    requiredPolicyIds: z
      .array(z.string())
      .default([])
      .describe(
        'Ids of policies that must reach every member account; with any, requiredDenies does not count.',
      ),
    requiredDenies: z
      .array(z.string())
      .default([
        'cloudtrail:StopLogging',
        'cloudtrail:DeleteTrail',
        'config:StopConfigurationRecorder',
        'guardduty:DeleteDetector',
        'organizations:LeaveOrganization',
      ])
      .describe(
        'Actions that a service control policy must deny in every member account, on all resources. Empty: any guardrail is enough.',
      ),
  }),
  facts: z.object({ organization: Guardrails.nullable() }),
  permissions: { list: READS, get: READS, fix: [], undo: [] },

  observe: observeOrganization(readGuardrails),

  judge: ({ organization }, { parameters }) => {
    if (!organization) return notApplicable(NO_ORGANIZATION);
    const members = organization.coverage.flatMap(({ accounts }) => accounts);
    if (members.length === 0) return notApplicable('The organization has no active member account.');
    const [first, ...others] = uncoveredAccounts(organization, parameters);
    if (!first) return compliant();
    const [missing = '', ...further] = first.missing;
    const more = further.length > 0 ? ` and ${further.length} more` : '';
    const account = shortened(first.accountId);
    const accounts = others.length > 0 ? `${account} and ${others.length} more` : account;
    const off = organization.types.length === 0 ? ' No type of guardrail is on in the organization.' : '';
    return nonCompliant(
      `Of ${members.length} member accounts, ${others.length + 1} lack ${shortened(missing, 80)}${more}: ${accounts}.${off}`,
    );
  },

  guidance:
    'Turn service control policies on, and attach one that denies the actions of requiredDenies: first to an organizational unit of test accounts, then to the root. Except the roles that must keep the actions by aws:PrincipalArn. A wrong policy at the root locks every member account out.',
});
