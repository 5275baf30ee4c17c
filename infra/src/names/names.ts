import { MEMBER_ROLES } from '@compliance/core';

/** The functions of the master account: the one that AWS Config invokes, and the one that SSM Automation invokes. */
export const FUNCTIONS = {
  rule: 'compliance-generic-rule',
  remediation: 'compliance-generic-remediation',
} as const;
export type FunctionKey = keyof typeof FUNCTIONS;

/** What each function runs as. */
export const EXECUTION_ROLES = {
  rule: 'compliance-generic-rule-execution',
  remediation: 'compliance-generic-remediation-execution',
} as const satisfies Record<FunctionKey, string>;

/** What each function assumes in a member account. */
export const ASSUMED_ROLES = {
  rule: MEMBER_ROLES.evaluate,
  remediation: MEMBER_ROLES.remediate,
} as const satisfies Record<FunctionKey, string>;

/** What SSM Automation runs as in a member account. */
export const AUTOMATION_ROLE = 'compliance-automation';

/** The SSM document, owned by the master account and shared with the members, in every Region. */
export const DOCUMENT = 'compliance-remediation';

export const PACKS = { regional: 'compliance-regional', global: 'compliance-global' } as const;

/** The operators' door to the remediation function. It has no resource policy. */
export const OPERATOR_ALIAS = 'operator';

export const STATE_TABLE = 'compliance-state';
export const TOPIC = 'compliance-events';
export const AUDIT_LOG_GROUP = '/compliance/audit';
export const STOP_PARAMETER = '/compliance/stop';

/** Bucket names are one namespace for all of AWS, so that these carry the account. */
export const settingsBucket = (masterAccountId: string): string => `compliance-settings-${masterAccountId}`;
export const ledgerBucket = (masterAccountId: string): string => `compliance-ledger-${masterAccountId}`;

/** Code and packs are read in the Region they are for. */
export const artifactsBucket = (masterAccountId: string, region: string): string =>
  `compliance-artifacts-${masterAccountId}-${region}`;
/** AWS Config takes the packs of an organization from buckets of this prefix only. */
export const packBucket = (masterAccountId: string, region: string): string =>
  `awsconfigconforms-compliance-${masterAccountId}-${region}`;
/** Where a member's own recorder delivers, where the module makes one. */
export const configBucket = (accountId: string, region: string): string =>
  `compliance-config-${accountId}-${region}`;

/** The policy of whoever runs `compliance preflight`, in the master account; what they look as, in the members. */
export const PREFLIGHT = 'compliance-preflight';

export const KEY_ALIAS = 'alias/compliance';
/** Events that the rule function could not handle, after all of Lambda's retries. */
export const FAILURE_QUEUE = 'compliance-failures';
export const EVENT_BUS = 'compliance';
export const CHANGES_RULE = 'compliance-changes';
/** What EventBridge forwards compliance changes as, in a member account. */
export const FORWARDING_ROLE = 'compliance-forward-changes';
export const CHANGES_LOG_GROUP = '/aws/events/compliance-changes';
export const AGGREGATOR = 'compliance';
export const AGGREGATOR_ROLE = 'compliance-config-aggregator';
export const RECORDER_ROLE = 'compliance-config-recorder';
export const RECORDER_TOPIC = 'compliance-config';
/** Of the metrics made from the audit log. */
export const METRICS = 'Compliance';

export const functionLogGroup = (key: FunctionKey): string => `/aws/lambda/${FUNCTIONS[key]}`;
