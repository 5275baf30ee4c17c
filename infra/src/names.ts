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

export const functionLogGroup = (key: FunctionKey): string => `/aws/lambda/${FUNCTIONS[key]}`;
