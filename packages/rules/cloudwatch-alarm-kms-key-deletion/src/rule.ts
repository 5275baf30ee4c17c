import { alarmOn, changesIn } from '@compliance/log-alarms';

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_KMS_KEY_DELETION',
  what: 'disabled and deleted KMS keys',
  rationale:
    'What a key has encrypted is lost with the key, and its deletion can be cancelled for some days only.',
  controls: {
    'cis-1.2': ['3.7'],
    'cis-1.3': ['4.7'],
    'cis-1.4': ['4.7'],
    'cis-1.5': ['4.7'],
    'cis-2.0': ['4.7'],
    'cis-3.0': ['4.7'],
    'cis-4.0': ['4.7'],
    'cis-4.0.1': ['4.7'],
    'cis-5.0': ['4.7'],
    'cis-6.0': ['5.7'],
    'cis-7.0': ['5.7'],
  },
  equivalents: {
    securityHub: ['CloudWatch.7'],
    prowler: ['cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk'],
    steampipe: ['log_metric_filter_disable_or_delete_cmk'],
  },
  events: changesIn('kms.amazonaws.com', ['DisableKey', 'ScheduleKeyDeletion']),
});
