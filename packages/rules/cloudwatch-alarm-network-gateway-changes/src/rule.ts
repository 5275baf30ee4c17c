import { alarmOn, changesIn } from '@compliance/log-alarms';

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_NETWORK_GATEWAY_CHANGES',
  what: 'changes of network gateways',
  rationale: 'A new gateway is a new way into a network, and out of it.',
  controls: {
    'cis-1.2': ['3.12'],
    'cis-1.3': ['4.12'],
    'cis-1.4': ['4.12'],
    'cis-1.5': ['4.12'],
    'cis-2.0': ['4.12'],
    'cis-3.0': ['4.12'],
    'cis-4.0': ['4.12'],
    'cis-4.0.1': ['4.12'],
    'cis-5.0': ['4.12'],
    'cis-6.0': ['5.12'],
    'cis-7.0': ['5.12'],
  },
  equivalents: {
    securityHub: ['CloudWatch.12'],
    prowler: ['cloudwatch_changes_to_network_gateways_alarm_configured'],
    steampipe: ['log_metric_filter_network_gateway'],
  },
  events: changesIn('ec2.amazonaws.com', [
    'CreateCustomerGateway',
    'DeleteCustomerGateway',
    'AttachInternetGateway',
    'CreateInternetGateway',
    'DeleteInternetGateway',
    'DetachInternetGateway',
  ]),
});
