import { partitionOf } from '@compliance/core';
import type { Call } from '../protocol/call.ts';

/** One IAM action on one resource that a caller must be allowed. */
export interface RequiredPermission {
  readonly action: string;
  /** An ARN, or `*` where the action has no resource type or the call does not name the resource. */
  readonly resource: string;
  /** Condition keys of this action only, such as `iam:PassedToService`. */
  readonly context?: Readonly<Record<string, string>>;
}

/** The ARN of a regional resource in the caller's account; a value that is an ARN is returned as it is. */
export const regionalArn = (call: Call, service: string, prefix: string, value: string): string =>
  value.startsWith('arn:')
    ? value
    : `arn:${partitionOf(call.region)}:${service}:${call.region}:${call.accountId}:${prefix}${value}`;
