import type { AccountPlace } from '../names/arn.ts';
import { AGGREGATOR_ROLE, RECORDER_ROLE } from '../names/names.ts';
import { splitPolicy } from './split-policy.ts';
import type { RoleSpecification, TrustPolicy } from './trust-policy.ts';

/** The role with which the aggregator of AWS Config lists the accounts of the organization. */
export const aggregatorRole = (account: AccountPlace): RoleSpecification => ({
  name: AGGREGATOR_ROLE,
  trust: trustOfConfig(account),
  // The same actions as AWS's managed policy AWSConfigRoleForOrganizations.
  policies: splitPolicy(AGGREGATOR_ROLE, [
    'organizations:DescribeOrganization',
    'organizations:ListAccounts',
    'organizations:ListAWSServiceAccessForOrganization',
    'organizations:ListDelegatedAdministrators',
  ]),
});

/** The role of a recorder. AWS's managed policy adds read access, and grows with the recordable types. */
export const recorderRole = (
  account: AccountPlace,
  {
    bucketArns,
    topicArns,
  }: { readonly bucketArns: readonly string[]; readonly topicArns: readonly string[] },
): RoleSpecification => ({
  name: RECORDER_ROLE,
  trust: trustOfConfig(account),
  policies: splitPolicy(RECORDER_ROLE, [
    { action: 's3:PutObject', resource: bucketArns.map((arn) => `${arn}/*`) },
    { action: 's3:GetBucketAcl', resource: bucketArns },
    { action: 'sns:Publish', resource: topicArns },
  ]),
});

const trustOfConfig = ({ accountId }: AccountPlace): TrustPolicy => ({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Action: 'sts:AssumeRole',
      Principal: { Service: 'config.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': accountId } },
    },
  ],
});
