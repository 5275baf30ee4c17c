import { alarmOn, type AlarmedEvents, type SampleEvent } from '@compliance/log-alarms';

const signIn = (label: string, MFAUsed: string): SampleEvent => ({
  label,
  members: {
    eventSource: 'signin.amazonaws.com',
    eventName: 'ConsoleLogin',
    eventType: 'AwsConsoleSignIn',
    userIdentity: { type: 'IAMUser', principalId: 'AIDACKCEVSQ6C2EXAMPLE', userName: 'alice' },
    responseElements: { ConsoleLogin: 'Success' },
    additionalEventData: { LoginTo: 'https://console.aws.amazon.com/', MobileVersion: 'No', MFAUsed },
  },
});

// A role signs in to the console with the MFA of its identity provider, which CloudTrail does not see. So a filter may
// leave roles out, as the one of the fix does.
const SIGN_INS: AlarmedEvents = {
  required: [signIn('ConsoleLogin without MFA', 'No')],
  unwanted: [signIn('ConsoleLogin with MFA', 'Yes')],
  sources: ['signin.amazonaws.com'],
  pattern:
    '{ ($.eventName = "ConsoleLogin") && ($.additionalEventData.MFAUsed != "Yes") && ($.responseElements.ConsoleLogin = "Success") && (($.userIdentity.type = "IAMUser") || ($.userIdentity.type = "Root")) }',
};

export const rule = alarmOn({
  command: 'CLOUDWATCH_ALARM_SIGNIN_WITHOUT_MFA',
  what: 'console sign-ins without MFA',
  rationale: 'A password alone can be guessed or stolen; such a sign-in may be the one of a thief.',
  controls: {
    'cis-1.2': ['3.2'],
    'cis-1.3': ['4.2'],
    'cis-1.4': ['4.2'],
    'cis-1.5': ['4.2'],
    'cis-2.0': ['4.2'],
    'cis-3.0': ['4.2'],
    'cis-4.0': ['4.2'],
    'cis-4.0.1': ['4.2'],
    'cis-5.0': ['4.2'],
    'cis-6.0': ['5.2'],
    'cis-7.0': ['5.2'],
  },
  equivalents: {
    securityHub: ['CloudWatch.3'],
    prowler: ['cloudwatch_log_metric_filter_sign_in_without_mfa'],
    steampipe: ['log_metric_filter_console_login_mfa'],
  },
  events: SIGN_INS,
});
