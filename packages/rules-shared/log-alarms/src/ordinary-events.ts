import { eventsOf, type SampleEvent } from './sample-event.ts';

/**
 * Events that an account records all the time, mostly reads by its own tools.
 * CloudWatch acts when the state of an alarm changes: an alarm on a filter that matches one of these stays on, and says
 * nothing when the event happens that it is for. A filter may match more than it must, but none of these.
 */
export const ORDINARY_EVENTS: readonly SampleEvent[] = [
  ...eventsOf('sts.amazonaws.com', ['AssumeRole', 'GetCallerIdentity']),
  ...eventsOf('iam.amazonaws.com', ['GetRole', 'GetPolicy', 'ListPolicies', 'ListAttachedRolePolicies']),
  ...eventsOf('kms.amazonaws.com', ['Decrypt', 'GenerateDataKey', 'DescribeKey', 'ListKeys']),
  ...eventsOf('s3.amazonaws.com', ['ListBuckets', 'GetBucketAcl', 'GetBucketPolicy', 'GetBucketLifecycle']),
  ...eventsOf('ec2.amazonaws.com', [
    'DescribeInstances',
    'DescribeInternetGateways',
    'DescribeNetworkAcls',
    'DescribeRouteTables',
    'DescribeSecurityGroups',
    'DescribeVpcPeeringConnections',
    'DescribeVpcs',
  ]),
  ...eventsOf('config.amazonaws.com', ['DescribeConfigurationRecorders', 'DescribeDeliveryChannels']),
  ...eventsOf('cloudtrail.amazonaws.com', ['DescribeTrails', 'GetTrailStatus', 'LookupEvents']),
  ...eventsOf('organizations.amazonaws.com', ['DescribeOrganization', 'ListAccounts', 'ListPolicies']),
].map(({ label, members }) => ({ label, members: { ...members, readOnly: true } }));
