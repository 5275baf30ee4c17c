import { alarmOn, changesIn } from '@compliance/log-alarms';

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_ROUTE_TABLE_CHANGES',
  what: 'changes of route tables',
  rationale: 'A changed route can lead traffic past the controls that it should pass.',
  controls: {
    'cis-1.2': ['3.13'],
    'cis-1.3': ['4.13'],
    'cis-1.4': ['4.13'],
    'cis-1.5': ['4.13'],
    'cis-2.0': ['4.13'],
    'cis-3.0': ['4.13'],
    'cis-4.0': ['4.13'],
    'cis-4.0.1': ['4.13'],
    'cis-5.0': ['4.13'],
    'cis-6.0': ['5.13'],
    'cis-7.0': ['5.13'],
  },
  equivalents: {
    securityHub: ['CloudWatch.13'],
    prowler: ['cloudwatch_changes_to_network_route_tables_alarm_configured'],
    steampipe: ['log_metric_filter_route_table'],
  },
  events: changesIn('ec2.amazonaws.com', [
    'CreateRoute',
    'CreateRouteTable',
    'ReplaceRoute',
    'ReplaceRouteTableAssociation',
    'DeleteRouteTable',
    'DeleteRoute',
    'DisassociateRouteTable',
  ]),
});
