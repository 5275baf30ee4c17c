import { isServerError, isThrottlingError, isTransientError } from '@smithy/core/retry';
import type { SdkError } from '@smithy/types';

/**
 * A failure of which we know whether trying again can help.
 * `transient` is thrown to the caller, who tries again; `permanent` becomes one audit event and ends there.
 */
export class ComplianceError extends Error {
  override name = 'ComplianceError' as const;
  readonly kind: FailureKind;
  /** Stable, for machines: `unknown-command`, `foreign-account` … */
  readonly code: string;

  constructor(kind: FailureKind, code: string, message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.kind = kind;
    this.code = code;
  }
}

export type FailureKind = 'transient' | 'permanent';

export const transient = (code: string, message: string, cause?: unknown) =>
  new ComplianceError('transient', code, message, cause);

export const permanent = (code: string, message: string, cause?: unknown) =>
  new ComplianceError('permanent', code, message, cause);

/** Throttling, time-outs, 5xx and a network that is away pass by themselves; everything else does not. */
export const failureKind = (error: unknown): FailureKind => {
  if (error instanceof ComplianceError) return error.kind;
  if (!(error instanceof Error)) return 'permanent';
  // The SDK's own tests look at members that any error may lack.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- see the line above.
  const sdkError = error as SdkError;
  const passes = [isThrottlingError, isTransientError, isServerError, isStaleCredential].some((is) =>
    is(sdkError),
  );
  return passes ? 'transient' : 'permanent';
};

/** True of the error codes with which AWS says that it is asked too often. */
export const isThrottled = (code: string): boolean => isThrottlingError({ name: code, message: '' });

/** The code AWS names an error with (`NoSuchBucket`, `AccessDenied`), or our own. */
export const errorCode = (error: unknown): string => {
  if (error instanceof ComplianceError) return error.code;
  return error instanceof Error ? error.name : 'UnknownError';
};

/** True when AWS answered with one of these error codes. */
export const hasCode = (error: unknown, ...codes: readonly string[]): boolean =>
  codes.includes(errorCode(error));

/** One line for a person: the code and what AWS or we said, causes included. */
export const explain = (error: unknown): string => {
  if (!(error instanceof Error)) return String(error);
  const code = errorCode(error);
  const own =
    error instanceof ComplianceError || code === 'Error' ? error.message : `${code}: ${error.message}`;
  // What zod found is told in our own words already.
  const tellsMore =
    error.cause instanceof Error && error.cause.name !== 'ZodError' && !own.includes(error.cause.message);
  return tellsMore ? `${own} (${explain(error.cause)})` : own;
};

// A cached credential that ran out during a run is fetched anew by the next try.
const isStaleCredential = (error: Error) => ['ExpiredToken', 'ExpiredTokenException'].includes(error.name);
