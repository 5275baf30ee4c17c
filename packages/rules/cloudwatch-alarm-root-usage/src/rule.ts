import { alarmOn, type AlarmedEvents, type SampleEvent } from '@compliance/log-alarms';

const byRoot = (label: string, members: SampleEvent['members'], invokedBy?: string): SampleEvent => ({
  label,
  members: {
    userIdentity: {
      type: 'Root',
      principalId: '111122223333',
      ...(invokedBy !== undefined && { invokedBy }),
    },
    ...members,
  },
});

const CREATE_KEY = { eventSource: 'iam.amazonaws.com', eventName: 'CreateAccessKey' };

// What a service does on behalf of the root user is no use of it.
const ROOT_EVENTS: AlarmedEvents = {
  required: [
    byRoot('ConsoleLogin by root', {
      eventSource: 'signin.amazonaws.com',
      eventName: 'ConsoleLogin',
      eventType: 'AwsConsoleSignIn',
    }),
    byRoot('CreateAccessKey by root', CREATE_KEY),
    byRoot('RunInstances by root', { eventSource: 'ec2.amazonaws.com', eventName: 'RunInstances' }),
  ],
  unwanted: [
    byRoot('a call of a service for root', CREATE_KEY, 'support.amazonaws.com'),
    byRoot('an event of a service', { ...CREATE_KEY, eventType: 'AwsServiceEvent' }),
  ],
  sources: 'any',
  pattern:
    '{ ($.userIdentity.type = "Root") && ($.userIdentity.invokedBy NOT EXISTS) && ($.eventType != "AwsServiceEvent") }',
};

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_ROOT_USAGE',
  what: 'use of the root user',
  rationale: 'No policy limits the root user of an account, and nobody should need it in daily work.',
  controls: {
    'cis-1.2': ['3.3'],
    'cis-1.3': ['4.3'],
    'cis-1.4': ['4.3'],
    'cis-1.5': ['4.3'],
    'cis-2.0': ['4.3'],
    'cis-3.0': ['4.3'],
    'cis-4.0': ['4.3'],
    'cis-4.0.1': ['4.3'],
    'cis-5.0': ['4.3'],
    'cis-6.0': ['5.3'],
    'cis-7.0': ['5.3'],
  },
  equivalents: {
    securityHub: ['CloudWatch.1'],
    prowler: ['cloudwatch_log_metric_filter_root_usage'],
    steampipe: ['log_metric_filter_root_login'],
  },
  events: ROOT_EVENTS,
});
