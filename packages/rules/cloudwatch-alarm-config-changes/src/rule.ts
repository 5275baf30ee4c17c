import { alarmOn, changesIn } from '@compliance/log-alarms';

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_CONFIG_CHANGES',
  what: 'changes of AWS Config',
  rationale: 'Without its recorder, AWS Config sees no change, and every rule keeps its last verdict.',
  controls: {
    'cis-1.2': ['3.9'],
    'cis-1.3': ['4.9'],
    'cis-1.4': ['4.9'],
    'cis-1.5': ['4.9'],
    'cis-2.0': ['4.9'],
    'cis-3.0': ['4.9'],
    'cis-4.0': ['4.9'],
    'cis-4.0.1': ['4.9'],
    'cis-5.0': ['4.9'],
    'cis-6.0': ['5.9'],
    'cis-7.0': ['5.9'],
  },
  equivalents: {
    securityHub: ['CloudWatch.9'],
    prowler: ['cloudwatch_log_metric_filter_and_alarm_for_aws_config_configuration_changes_enabled'],
    steampipe: ['log_metric_filter_config_configuration'],
  },
  events: changesIn('config.amazonaws.com', [
    'StopConfigurationRecorder',
    'DeleteDeliveryChannel',
    'PutDeliveryChannel',
    'PutConfigurationRecorder',
  ]),
});
