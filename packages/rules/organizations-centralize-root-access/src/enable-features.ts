import {
  DisableOrganizationsRootCredentialsManagementCommand,
  DisableOrganizationsRootSessionsCommand,
  EnableOrganizationsRootCredentialsManagementCommand,
  EnableOrganizationsRootSessionsCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import {
  DisableAWSServiceAccessCommand,
  EnableAWSServiceAccessCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { call, change, undoCall, type CallStep } from '@compliance/core/rule';

import type { Features } from './features.ts';

export type Feature = 'RootCredentialsManagement' | 'RootSessions';

/** Turns features of central root access on. No root credentials of a member are touched. */
export const enableFeatures = (missing: readonly Feature[], { allFeatures, trustedAccess }: Features) =>
  allFeatures
    ? change({
        description: `Turn on central root access: ${missing.join(', ')}`,
        risk: 'safe',
        inCode: {
          terraform: `aws_iam_organizations_features: enabled_features includes ${missing.join(', ')}`,
        },
        steps: [...(trustedAccess ? [] : [trustIam()]), ...missing.map((feature) => ENABLE[feature]())],
      })
    : { manual: 'Turn on all features of the organization: it has consolidated billing alone.' };

const trustIam = (): CallStep => {
  const input = { ServicePrincipal: 'iam.amazonaws.com' };
  const undo = undoCall(OrganizationsClient, DisableAWSServiceAccessCommand, input);
  return call(OrganizationsClient, EnableAWSServiceAccessCommand, input, { undo });
};

const ENABLE: Readonly<Record<Feature, () => CallStep>> = {
  RootCredentialsManagement: () =>
    call(
      IAMClient,
      EnableOrganizationsRootCredentialsManagementCommand,
      {},
      { undo: undoCall(IAMClient, DisableOrganizationsRootCredentialsManagementCommand, {}) },
    ),
  RootSessions: () =>
    call(
      IAMClient,
      EnableOrganizationsRootSessionsCommand,
      {},
      { undo: undoCall(IAMClient, DisableOrganizationsRootSessionsCommand, {}) },
    ),
};
