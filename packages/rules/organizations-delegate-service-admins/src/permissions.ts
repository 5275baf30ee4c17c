import type { Grant } from '@compliance/core/rule';

export const READS: readonly Grant[] = [
  'organizations:ListAWSServiceAccessForOrganization',
  'organizations:ListDelegatedAdministrators',
  'organizations:ListDelegatedServicesForAccount',
];

const ACCOUNTS = 'arn:*:organizations::*:account/o-*/*';

// CloudTrail calls Organizations and IAM with the permissions of its caller.
/** @see https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-delegated-administrator-permissions.html */
const ofCloudTrail: readonly Grant[] = [
  { action: 'organizations:DescribeOrganization', implied: true },
  { action: 'organizations:DescribeAccount', resource: ACCOUNTS, implied: true },
];

export const fixGrants: readonly Grant[] = [
  { action: 'organizations:RegisterDelegatedAdministrator', resource: ACCOUNTS },
  'cloudtrail:RegisterOrganizationDelegatedAdmin',
  ...ofCloudTrail,
  {
    action: 'organizations:EnableAWSServiceAccess',
    condition: { StringEquals: { 'organizations:ServicePrincipal': 'cloudtrail.amazonaws.com' } },
    implied: true,
  },
  {
    action: 'iam:CreateServiceLinkedRole',
    resource: 'arn:*:iam::*:role/aws-service-role/cloudtrail.amazonaws.com/*',
    condition: { StringEquals: { 'iam:AWSServiceName': 'cloudtrail.amazonaws.com' } },
    implied: true,
  },
];

export const undoGrants: readonly Grant[] = [
  { action: 'organizations:DeregisterDelegatedAdministrator', resource: ACCOUNTS },
  'cloudtrail:DeregisterOrganizationDelegatedAdmin',
  ...ofCloudTrail,
];
