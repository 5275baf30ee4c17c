import { alarmOn, changesIn } from '@compliance/log-alarms';

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_S3_POLICY_CHANGES',
  what: 'changes of bucket policies',
  rationale: 'One change of a policy, an ACL or a replication can give away all objects of a bucket.',
  controls: {
    'cis-1.2': ['3.8'],
    'cis-1.3': ['4.8'],
    'cis-1.4': ['4.8'],
    'cis-1.5': ['4.8'],
    'cis-2.0': ['4.8'],
    'cis-3.0': ['4.8'],
    'cis-4.0': ['4.8'],
    'cis-4.0.1': ['4.8'],
    'cis-5.0': ['4.8'],
    'cis-6.0': ['5.8'],
    'cis-7.0': ['5.8'],
  },
  equivalents: {
    securityHub: ['CloudWatch.8'],
    prowler: ['cloudwatch_log_metric_filter_for_s3_bucket_policy_changes'],
    steampipe: ['log_metric_filter_bucket_policy'],
  },
  events: changesIn('s3.amazonaws.com', [
    'PutBucketAcl',
    'PutBucketPolicy',
    'PutBucketCors',
    'PutBucketLifecycle',
    'PutBucketReplication',
    'DeleteBucketPolicy',
    'DeleteBucketCors',
    'DeleteBucketLifecycle',
    'DeleteBucketReplication',
  ]),
});
