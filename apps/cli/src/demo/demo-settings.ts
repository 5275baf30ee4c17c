import type { Settings } from '@compliance/core';
import { localSettings } from '@compliance/local-deployment';
import type { LocalOrg } from '@compliance/local-org';

/** Member accounts: fixes are automatic in the first, and need approval in the others. */
export const MEMBERS = [{ name: 'sandbox' }, { name: 'payments' }, { name: 'data' }] as const;

export const flowLogBucket = (accountId: string): string => `flow-logs-${accountId}`;

export const trailBucket = (accountId: string): string => `trail-logs-${accountId}`;

/** The settings of the organization, as `compliance.yaml` would contain them. */
export const demoSettings = (org: Pick<LocalOrg, 'organization' | 'homeRegion' | 'regions'>): Settings => {
  const inSandbox = { groups: { sandbox: { mode: 'auto', allowDisruptive: true } } };
  return localSettings(org, {
    defaults: { mode: 'approve' },
    rules: {
      S3_ENABLE_VERSIONING: inSandbox,
      EC2_RESTRICT_ADMIN_PORTS_IPV4: inSandbox,
      IAM_SET_PASSWORD_MIN_LENGTH: inSandbox,
      IAM_PREVENT_PASSWORD_REUSE: inSandbox,
      IAM_ROTATE_ACCESS_KEYS: inSandbox,
      GUARDDUTY_ENABLE_CENTRALIZED: inSandbox,
      VPC_ENABLE_FLOW_LOGS: {
        ...inSandbox,
        parameters: {
          logDestinationType: 's3',
          logDestination: `arn:aws:s3:::${flowLogBucket('{accountId}')}`,
        },
      },
      CLOUDTRAIL_ENABLE_MULTI_REGION: {
        groups: Object.fromEntries(
          org.organization.members.map(({ id, name }) => [
            name,
            { parameters: { s3BucketName: trailBucket(id) }, ...(name === 'sandbox' && { mode: 'auto' }) },
          ]),
        ),
      },
    },
  });
};
