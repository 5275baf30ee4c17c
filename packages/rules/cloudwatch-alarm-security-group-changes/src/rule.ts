import { alarmOn, changesIn } from '@compliance/log-alarms';

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_SECURITY_GROUP_CHANGES',
  what: 'changes of security groups',
  rationale: 'One rule of a security group can open a host to the internet.',
  controls: {
    'cis-1.2': ['3.10'],
    'cis-1.3': ['4.10'],
    'cis-1.4': ['4.10'],
    'cis-1.5': ['4.10'],
    'cis-2.0': ['4.10'],
    'cis-3.0': ['4.10'],
    'cis-4.0': ['4.10'],
    'cis-4.0.1': ['4.10'],
    'cis-5.0': ['4.10'],
    'cis-6.0': ['5.10'],
    'cis-7.0': ['5.10'],
  },
  equivalents: {
    securityHub: ['CloudWatch.10'],
    prowler: ['cloudwatch_log_metric_filter_security_group_changes'],
    steampipe: ['log_metric_filter_security_group'],
  },
  events: changesIn(
    'ec2.amazonaws.com',
    [
      'AuthorizeSecurityGroupIngress',
      'AuthorizeSecurityGroupEgress',
      'RevokeSecurityGroupIngress',
      'RevokeSecurityGroupEgress',
      'CreateSecurityGroup',
      'DeleteSecurityGroup',
    ],
    { besides: ['ModifySecurityGroupRules'] },
  ),
});
