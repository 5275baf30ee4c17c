import { MEMBER_ROLES, REMEDIATION_DOCUMENT, REMEDIATION_FUNCTION } from '@compliance/core';

/** The functions of the master account: AWS Config invokes `rule`, SSM Automation invokes `remediation`. */
export const FUNCTIONS = {
  rule: 'compliance-generic-rule',
  remediation: REMEDIATION_FUNCTION,
} as const;
export type FunctionKey = keyof typeof FUNCTIONS;

/** The execution role of each function. */
export const EXECUTION_ROLES = {
  rule: 'compliance-generic-rule-execution',
  remediation: 'compliance-generic-remediation-execution',
} as const satisfies Record<FunctionKey, string>;

/** The function that seals the ledger, in the home Region. It assumes no role, and nobody but its schedule invokes it. */
export const KEEPER = 'compliance-keeper';
export const KEEPER_ROLE = 'compliance-keeper-execution';
export const KEEPER_LOG_GROUP = `/aws/lambda/${KEEPER}`;

/** The role that each function assumes in a member account. */
export const ASSUMED_ROLES = {
  rule: MEMBER_ROLES.evaluate,
  remediation: MEMBER_ROLES.remediate,
} as const satisfies Record<FunctionKey, string>;

/** The role that SSM Automation runs as in a member account. */
export const AUTOMATION_ROLE = 'compliance-automation';

/** The SSM document that the master account shares with the members, in every Region. */
export const DOCUMENT = REMEDIATION_DOCUMENT;

export const PACKS = { regional: 'compliance-regional', global: 'compliance-global' } as const;

export const STATE_TABLE = 'compliance-state';
export const TOPIC = 'compliance-events';
export const AUDIT_LOG_GROUP = '/compliance/audit';
export const STOP_PARAMETER = '/compliance/stop';

/** Bucket names are unique across all of AWS, so these contain the account. */
export const settingsBucket = (masterAccountId: string): string => `compliance-settings-${masterAccountId}`;
export const ledgerBucket = (masterAccountId: string): string => `compliance-ledger-${masterAccountId}`;

/** Holds what the keeper seals; only the keeper writes to it. */
export const sealedBucket = (masterAccountId: string): string => `compliance-sealed-${masterAccountId}`;

/** Holds the page and the data of the dashboard, where it is hosted. CloudFront reads it, and nobody else. */
export const dashboardBucket = (masterAccountId: string): string => `compliance-dashboard-${masterAccountId}`;
/** Holds CloudFront's log of who read the dashboard. */
export const dashboardLogBucket = (masterAccountId: string): string =>
  `compliance-dashboard-log-${masterAccountId}`;
export const VIEWER_FUNCTION = 'compliance-dashboard-viewers';

/** Holds the answers of Athena for some days. */
export const athenaBucket = (masterAccountId: string): string => `compliance-athena-${masterAccountId}`;
/** The workgroup and the database of Athena. */
export const ATHENA = 'compliance';
/** The policy of people who ask by Athena. */
export const ATHENA_READER = 'compliance-athena-reader';

/** Holds the code of the functions; Lambda reads it from a bucket of its own Region. */
export const artifactsBucket = (masterAccountId: string, region: string): string =>
  `compliance-artifacts-${masterAccountId}-${region}`;
/** AWS Config reads the packs of an organization only from buckets with this prefix. */
export const packBucket = (masterAccountId: string, region: string): string =>
  `awsconfigconforms-compliance-${masterAccountId}-${region}`;
/** The bucket to which the recorder of member-regional delivers. */
export const configBucket = (accountId: string, region: string): string =>
  `compliance-config-${accountId}-${region}`;

/** Access of `compliance preflight`: a policy in the master account, a role in each member. */
export const PREFLIGHT = 'compliance-preflight';

export const KEY_ALIAS = 'alias/compliance';
/** Holds events that the rule function could not handle after all of Lambda's retries. */
export const FAILURE_QUEUE = 'compliance-failures';
export const EVENT_BUS = 'compliance';
export const CHANGES_RULE = 'compliance-changes';
/** The role with which EventBridge forwards compliance changes, in a member account. */
export const FORWARDING_ROLE = 'compliance-forward-changes';
export const CHANGES_LOG_GROUP = '/aws/events/compliance-changes';
export const AGGREGATOR = 'compliance';
export const AGGREGATOR_ROLE = 'compliance-config-aggregator';
export const RECORDER_ROLE = 'compliance-config-recorder';
export const RECORDER_TOPIC = 'compliance-config';
/** The namespace of the metrics that come from the audit log. */
export const METRICS = 'Compliance';

export const functionLogGroup = (key: FunctionKey): string => `/aws/lambda/${FUNCTIONS[key]}`;
