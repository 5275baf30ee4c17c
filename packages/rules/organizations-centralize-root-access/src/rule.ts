import {
  DisableOrganizationsRootCredentialsManagementCommand,
  DisableOrganizationsRootSessionsCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { DisableAWSServiceAccessCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import {
  ACCOUNT_TYPE,
  compliant,
  defineRule,
  nonCompliant,
  notApplicable,
  operation,
} from '@compliance/core/rule';
import { whyNoRoot } from '@compliance/iam-account';
import { NO_ORGANIZATION, observeOrganization } from '@compliance/organization';
import * as z from 'zod';

import { enableFeatures, type Feature } from './enable-features.ts';
import { Features, readFeatures } from './features.ts';

const READS = ['iam:ListOrganizationsFeatures'];

const ofIam = (action: string) => ({
  action,
  resource: '*',
  condition: { StringEquals: { 'organizations:ServicePrincipal': 'iam.amazonaws.com' } },
});

export const rule = defineRule({
  command: 'ORGANIZATIONS_CENTRALIZE_ROOT_ACCESS',
  title: 'The organization manages the root credentials of its members centrally',
  rationale:
    'A root user that nobody can sign in as cannot be stolen; without central access each member account needs one.',
  severity: 'high',
  resourceType: ACCOUNT_TYPE,
  only: 'management-account',
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: { 'cis-7.0': ['2.1.1'] },
  equivalents: { prowler: ['iam_root_credentials_management_enabled'] },
  partly:
    'Root passwords and access keys that members already have: they stay until somebody deletes them. IAM_REMOVE_ROOT_ACCESS_KEYS finds the keys.',
  parameters: z.object({
    requireRootSessions: z
      .boolean()
      .default(false)
      .describe('Whether RootSessions, by which privileged tasks are done in a member, must be on too.'),
  }),
  facts: z.object({ organization: Features.nullable() }),
  permissions: {
    list: READS,
    get: READS,
    fix: [
      ofIam('organizations:EnableAWSServiceAccess'),
      'iam:EnableOrganizationsRootCredentialsManagement',
      'iam:EnableOrganizationsRootSessions',
    ],
    undo: [
      ofIam('organizations:DisableAWSServiceAccess'),
      'iam:DisableOrganizationsRootCredentialsManagement',
      'iam:DisableOrganizationsRootSessions',
    ],
  },

  observe: observeOrganization(readFeatures),

  judge: ({ organization }, { parameters, partition }) => {
    const noRoot = whyNoRoot(partition);
    if (noRoot !== undefined) return notApplicable(noRoot);
    if (!organization) return notApplicable(NO_ORGANIZATION);
    const missing = missingFeatures(organization, parameters);
    if (missing.length === 0) return compliant();
    if (!organization.allFeatures)
      return nonCompliant('Central root access is off: the organization has consolidated billing alone.');
    const why = organization.trustedAccess ? '' : ' The organization does not trust IAM yet.';
    return nonCompliant(`Central root access lacks ${missing.join(' and ')}.${why}`);
  },

  fix: ({ facts: { organization }, parameters }) =>
    organization
      ? enableFeatures(missingFeatures(organization, parameters), organization)
      : { manual: NO_ORGANIZATION },

  undo: {
    operations: [
      operation(OrganizationsClient, DisableAWSServiceAccessCommand),
      operation(IAMClient, DisableOrganizationsRootCredentialsManagementCommand),
      operation(IAMClient, DisableOrganizationsRootSessionsCommand),
    ],
  },
});

const missingFeatures = (
  { enabled }: Features,
  { requireRootSessions }: { readonly requireRootSessions: boolean },
): readonly Feature[] => {
  const required: Feature[] = ['RootCredentialsManagement'];
  if (requireRootSessions) required.push('RootSessions');
  return required.filter((feature) => !enabled.includes(feature));
};
