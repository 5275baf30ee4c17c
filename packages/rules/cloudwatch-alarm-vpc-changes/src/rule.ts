import { alarmOn, changesIn } from '@compliance/log-alarms';

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_VPC_CHANGES',
  what: 'changes of VPCs',
  rationale: 'A peering or a changed VPC connects networks that were meant to be apart.',
  controls: {
    'cis-1.2': ['3.14'],
    'cis-1.3': ['4.14'],
    'cis-1.4': ['4.14'],
    'cis-1.5': ['4.14'],
    'cis-2.0': ['4.14'],
    'cis-3.0': ['4.14'],
    'cis-4.0': ['4.14'],
    'cis-4.0.1': ['4.14'],
    'cis-5.0': ['4.14'],
    'cis-6.0': ['5.14'],
    'cis-7.0': ['5.14'],
  },
  equivalents: {
    securityHub: ['CloudWatch.14'],
    prowler: ['cloudwatch_changes_to_vpcs_alarm_configured'],
    steampipe: ['log_metric_filter_vpc'],
  },
  events: changesIn('ec2.amazonaws.com', [
    'CreateVpc',
    'DeleteVpc',
    'ModifyVpcAttribute',
    'AcceptVpcPeeringConnection',
    'CreateVpcPeeringConnection',
    'DeleteVpcPeeringConnection',
    'RejectVpcPeeringConnection',
    'AttachClassicLinkVpc',
    'DetachClassicLinkVpc',
    'DisableVpcClassicLink',
    'EnableVpcClassicLink',
  ]),
});
