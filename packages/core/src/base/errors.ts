import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import type { SdkError } from '@smithy/types';
import * as z from 'zod';

import type { ErrorCode } from './error-codes.ts';
import { explainIssues } from './zod-sentences.ts';

export type { ErrorCode } from './error-codes.ts';

/**
 * A failure that says whether trying again can help.
 * `transient` is thrown to the caller, which tries again; `permanent` becomes one audit event and ends there.
 */
class ComplianceError extends Error {
  override name = 'ComplianceError' as const;
  readonly kind: FailureKind;
  readonly code: ErrorCode;

  constructor(kind: FailureKind, code: ErrorCode, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.code = code;
  }
}

export type FailureKind = 'transient' | 'permanent';

export const transient = (code: ErrorCode, message: string, cause?: unknown) =>
  new ComplianceError('transient', code, message, cause);

export const permanent = (code: ErrorCode, message: string, cause?: unknown) =>
  new ComplianceError('permanent', code, message, cause);

/** An error under AWS's own code, where an answer with HTTP 200 carries one. */
export const errorWithCode = (code: string, message: string): Error =>
  Object.assign(new Error(message), { name: code });

/** Whether trying again can help: after throttling, time-outs, 5xx, network faults and conflicting requests. */
export const failureKind = (error: unknown): FailureKind => {
  if (error instanceof ComplianceError) return error.kind;
  if (!(error instanceof Error)) return 'permanent';
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the SDK's own tests read members that any error may lack.
  const sdkError = error as SdkError;
  const canPass = [isThrottlingError, isTransientError, isServerError, isNetworkFault, hasPassingCode].some(
    (is) => is(sdkError),
  );
  return canPass ? 'transient' : 'permanent';
};

/** Whether AWS uses this error code for throttling. */
export const isThrottled = (code: string): boolean => isThrottlingError({ name: code, message: '' });

/** The code of an error: AWS's (`NoSuchBucket`, `AccessDenied`) or ours. */
export const errorCode = (error: unknown): string => {
  if (error instanceof ComplianceError) return error.code;
  return error instanceof Error ? error.name : 'UnknownError';
};

/** Whether an error carries one of these codes. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes(errorCode(error));

/** Whether the account refused a call by its policies. The codes are those of AWS's services. */
export const isAccessDenied = (error: unknown): boolean => hasCode(error, ...ACCESS_DENIED);

const ACCESS_DENIED = [
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'InsufficientPrivilegesException',
  'UnauthorizedOperation',
  'role-not-assumed',
];

/** One line for a person: the code and the message, causes included. */
export const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof z.ZodError) return explainIssues(error);
  const code = errorCode(error);
  const own =
    error instanceof ComplianceError || code === 'Error' ? error.message : `${code}: ${error.message}`;
  // The message already holds what zod found.
  const addsMore =
    error.cause instanceof Error && error.cause.name !== 'ZodError' && !own.includes(error.cause.message);
  return addsMore ? `${own} (${explain(error.cause)})` : own;
};

// Network faults of Node that the SDK's own list lacks.
const NETWORK_FAULTS: ReadonlySet<unknown> = new Set([
  'ECONNABORTED',
  'EHOSTDOWN',
  'ENETDOWN',
  'ENETRESET',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

const isNetworkFault = ({ code, cause }: Error & { readonly code?: unknown }): boolean =>
  NETWORK_FAULTS.has(code) || (cause instanceof Error && isNetworkFault(cause));

/**
 * Codes with a status of the 400s after which AWS says to try again.
 * Each page says so itself, or that another request is at work on the same resource. Left out are codes that other
 * services use for what stays: ConflictException (CloudTrail: wait; Organizations, Logs: exists already), ResourceInUse
 * (Config: wait; ACM: is attached), ResourceConflict and InvalidDBInstanceState, as well as quotas.
 */
const PASSING_CODES: ReadonlySet<string> = new Set([
  // A cached credential expired during a run; the next try fetches a new one.
  'ExpiredToken',
  'ExpiredTokenException',
  // CloudTrail, CloudWatch, EventBridge, IAM and Organizations; Config for a query.
  // https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_UpdateTrail.html
  // https://docs.aws.amazon.com/organizations/latest/APIReference/API_AttachPolicy.html
  'ConcurrentModification',
  'ConcurrentModificationException',
  'ResourceConcurrentModificationException',
  // https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateLoginProfile.html
  'EntityTemporarilyUnmodifiable',
  'EntityTemporarilyUnmodifiableException',
  // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
  'OperationAborted',
  'ConditionalRequestConflict',
  // https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
  'OperationAbortedException',
  // https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
  'ConcurrentTagAccess',
  // https://docs.aws.amazon.com/sns/latest/api/API_TagResource.html
  'ConcurrentAccess',
  'ConcurrentAccessException',
  'StaleTag',
  'StaleTagException',
  // Throttled by KMS: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html, SQS likewise.
  'KMSThrottling',
  'KMSThrottlingException',
  'KmsThrottled',
  // https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html
  'FinalizingOrganizationException',
  'PolicyChangesInProgressException',
]);

const hasPassingCode = ({ name }: Error): boolean => PASSING_CODES.has(name);
