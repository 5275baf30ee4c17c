import type { AccountPlace } from '../names/arn.ts';
import { AGGREGATOR_ROLE, RECORDER_ROLE } from '../names/names.ts';
import { splitPolicy } from './split-policy.ts';
import type { RoleSpecification, TrustPolicy } from './trust-policy.ts';

/** Lets AWS Config see which accounts the organization has, to gather what they found. */
export const aggregatorRole = (account: AccountPlace): RoleSpecification => ({
  name: AGGREGATOR_ROLE,
  trust: trustOfConfig(account),
  // What AWS's own AWSConfigRoleForOrganizations allows.
  policies: splitPolicy(AGGREGATOR_ROLE, [
    'organizations:DescribeOrganization',
    'organizations:ListAccounts',
    'organizations:ListAWSServiceAccessForOrganization',
    'organizations:ListDelegatedAdministrators',
  ]),
});

/** What a recorder runs as; reading comes from AWS's own policy, which grows with the types that it records. */
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
