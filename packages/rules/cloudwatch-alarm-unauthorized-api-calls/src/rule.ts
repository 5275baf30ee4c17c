import { alarmOn, type AlarmedEvents, type SampleEvent } from '@compliance/log-alarms';

const denied = (errorCode: string, eventSource: string, eventName: string): SampleEvent => ({
  label: errorCode,
  members: { eventSource, eventName, errorCode, errorMessage: 'The caller is not authorized.' },
});

// Any service can deny a call, each with a code of its own.
const DENIED_CALLS: AlarmedEvents = {
  required: [
    denied('Client.UnauthorizedOperation', 'ec2.amazonaws.com', 'RunInstances'),
    denied('AccessDenied', 'iam.amazonaws.com', 'CreateUser'),
    denied('AccessDeniedException', 'dynamodb.amazonaws.com', 'DeleteTable'),
  ],
  sources: 'any',
  pattern: '{ ($.errorCode = "*UnauthorizedOperation") || ($.errorCode = "AccessDenied*") }',
};

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_UNAUTHORIZED_API_CALLS',
  what: 'denied API calls',
  rationale: 'Denied calls show somebody who tries what they may not, or a tool that lacks a permission.',
  controls: {
    'cis-1.2': ['3.1'],
    'cis-1.3': ['4.1'],
    'cis-1.4': ['4.1'],
    'cis-1.5': ['4.1'],
    'cis-2.0': ['4.1'],
    'cis-3.0': ['4.1'],
    'cis-4.0': ['4.1'],
    'cis-4.0.1': ['4.1'],
    'cis-5.0': ['4.1'],
    'cis-6.0': ['5.1'],
    'cis-7.0': ['5.1'],
  },
  equivalents: {
    securityHub: ['CloudWatch.2'],
    prowler: ['cloudwatch_log_metric_filter_unauthorized_api_calls'],
    steampipe: ['log_metric_filter_unauthorized_api'],
  },
  events: DENIED_CALLS,
});
