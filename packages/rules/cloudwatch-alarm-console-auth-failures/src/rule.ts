import { alarmOn, type AlarmedEvents, type SampleEvent } from '@compliance/log-alarms';

const signIn = (label: string, type: string, failure?: string): SampleEvent => ({
  label,
  members: {
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    eventType: 'AwsConsoleSignIn',
    userIdentity: { type, principalId: 'AIDACKCEVSQ6C2EXAMPLE' },
    ...(failure !== undefined && { errorMessage: failure }),
    responseElements: { ConsoleLogin: failure === undefined ? 'Success' : 'Failure' },
    additionalEventData: { LoginTo: 'https://console.aws.amazon.com/', MobileVersion: 'No', MFAUsed: 'No' },
  },
});

const FAILED = 'Failed authentication';

const FAILED_SIGN_INS: AlarmedEvents = {
  required: [
    signIn('failed sign-in of a user', 'IAMUser', FAILED),
    signIn('failed sign-in of root', 'Root', FAILED),
  ],
  unwanted: [signIn('successful sign-in', 'IAMUser')],
  sources: ['signin.amazonaws.com'],
  pattern: '{ ($.eventName = "ConsoleLogin") && ($.errorMessage = "Failed authentication") }',
};

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_CONSOLE_AUTH_FAILURES',
  what: 'failed console sign-ins',
  rationale: 'Many failed sign-ins show somebody who guesses passwords.',
  controls: {
    'cis-1.2': ['3.6'],
    'cis-1.3': ['4.6'],
    'cis-1.4': ['4.6'],
    'cis-1.5': ['4.6'],
    'cis-2.0': ['4.6'],
    'cis-3.0': ['4.6'],
    'cis-4.0': ['4.6'],
    'cis-4.0.1': ['4.6'],
    'cis-5.0': ['4.6'],
    'cis-6.0': ['5.6'],
    'cis-7.0': ['5.6'],
  },
  equivalents: {
    securityHub: ['CloudWatch.6'],
    prowler: ['cloudwatch_log_metric_filter_authentication_failures'],
    steampipe: ['log_metric_filter_console_authentication_failure'],
  },
  events: FAILED_SIGN_INS,
});
