import { alarmOn, changesIn } from '@compliance/log-alarms';

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_NACL_CHANGES',
  what: 'changes of network ACLs',
  rationale: 'A network ACL opens or closes whole subnets at once.',
  controls: {
    'cis-1.2': ['3.11'],
    'cis-1.3': ['4.11'],
    'cis-1.4': ['4.11'],
    'cis-1.5': ['4.11'],
    'cis-2.0': ['4.11'],
    'cis-3.0': ['4.11'],
    'cis-4.0': ['4.11'],
    'cis-4.0.1': ['4.11'],
    'cis-5.0': ['4.11'],
    'cis-6.0': ['5.11'],
    'cis-7.0': ['5.11'],
  },
  equivalents: {
    securityHub: ['CloudWatch.11'],
    prowler: ['cloudwatch_changes_to_network_acls_alarm_configured'],
    steampipe: ['log_metric_filter_network_acl'],
  },
  events: changesIn('ec2.amazonaws.com', [
    'CreateNetworkAcl',
    'CreateNetworkAclEntry',
    'DeleteNetworkAcl',
    'DeleteNetworkAclEntry',
    'ReplaceNetworkAclEntry',
    'ReplaceNetworkAclAssociation',
  ]),
});
