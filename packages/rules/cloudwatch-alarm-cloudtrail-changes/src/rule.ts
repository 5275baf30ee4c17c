import { alarmOn, changesIn } from '@compliance/log-alarms';

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_CLOUDTRAIL_CHANGES',
  what: 'changes of trails',
  rationale: 'An intruder who stops a trail leaves no record of what follows.',
  controls: {
    'cis-1.2': ['3.5'],
    'cis-1.3': ['4.5'],
    'cis-1.4': ['4.5'],
    'cis-1.5': ['4.5'],
    'cis-2.0': ['4.5'],
    'cis-3.0': ['4.5'],
    'cis-4.0': ['4.5'],
    'cis-4.0.1': ['4.5'],
    'cis-5.0': ['4.5'],
    'cis-6.0': ['5.5'],
    'cis-7.0': ['5.5'],
  },
  equivalents: {
    securityHub: ['CloudWatch.5'],
    prowler: ['cloudwatch_log_metric_filter_and_alarm_for_cloudtrail_configuration_changes_enabled'],
    steampipe: ['log_metric_filter_cloudtrail_configuration'],
  },
  events: changesIn(
    'cloudtrail.amazonaws.com',
    ['CreateTrail', 'UpdateTrail', 'DeleteTrail', 'StartLogging', 'StopLogging'],
    { besides: ['PutEventSelectors'] },
  ),
});
