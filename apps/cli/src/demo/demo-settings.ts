import type { Settings } from '@compliance/core';
import { localSettings } from '@compliance/local-deployment';
import type { LocalOrg } from '@compliance/local-org';

/** Member accounts: fixes are automatic in the first, and need approval in the others. */
export const MEMBERS = [{ name: 'sandbox' }, { name: 'payments' }, { name: 'data' }] as const;

type Organization = Pick<LocalOrg, 'organization' | 'homeRegion' | 'regions'>;

const SECURITY_CONTACT = {
  Name: 'Security team',
  Title: 'On call',
  EmailAddress: 'security@example.com',
  PhoneNumber: '+1 555 0100',
};

export const flowLogBucket = (accountId: string): string => `flow-logs-${accountId}`;

export const trailBucket = (accountId: string): string => `trail-logs-${accountId}`;

/**
 * The rules of the demo, and of each the modes or parameters that differ from mode approve. All others are off, so that
 * the demo does not grow with the list of rules.
 */
const tellingRules = (org: Organization) => {
  const inSandbox = { groups: { sandbox: { mode: 'auto', allowDisruptive: true } } };
  return {
    ACCOUNT_REGISTER_SECURITY_CONTACT: { parameters: { securityContact: SECURITY_CONTACT } },
    CLOUDTRAIL_ENABLE_MULTI_REGION: {
      groups: Object.fromEntries(
        org.organization.members.map(({ id, name }) => [
          name,
          { parameters: { s3BucketName: trailBucket(id) }, ...(name === 'sandbox' && { mode: 'auto' }) },
        ]),
      ),
    },
    EC2_ENABLE_EBS_DEFAULT_ENCRYPTION: inSandbox,
    EC2_RESTRICT_ADMIN_PORTS_IPV4: inSandbox,
    GUARDDUTY_ENABLE_CENTRALIZED: inSandbox,
    IAM_PREVENT_PASSWORD_REUSE: inSandbox,
    IAM_ROTATE_ACCESS_KEYS: inSandbox,
    IAM_SET_PASSWORD_MIN_LENGTH: inSandbox,
    S3_ENABLE_VERSIONING: inSandbox,
    VPC_ENABLE_FLOW_LOGS: {
      ...inSandbox,
      parameters: {
        logDestinationType: 's3',
        logDestination: `arn:aws:s3:::${flowLogBucket('{accountId}')}`,
      },
    },
  };
};

/** The settings of the organization, as `compliance.yaml` would contain them. */
export const demoSettings = (org: Organization, signingKeyArn: string): Settings => {
  const rules = Object.entries(tellingRules(org)).map(([command, choice]): [string, object] => [
    command,
    { mode: 'approve', ...choice },
  ]);
  return localSettings(org, {
    defaults: { mode: 'off' },
    rules: Object.fromEntries(rules),
    ledger: { signingKeyArn, lockDays: 30 },
  });
};
