/** Failed automatic remediations of one resource by one rule, and what follows from them. Pure. */
export interface Attempts {
  readonly failedAt: readonly Date[];
  /** AWS Config gave up on the resource by writing a remediation exception. */
  readonly excepted: boolean;
}

export interface AttemptLimits {
  readonly maximumAutomaticAttempts: number;
  readonly retryAttemptSeconds: number;
}

export const noAttempts: Attempts = { failedAt: [], excepted: false };

/** A failed execution counts for `retryAttemptSeconds`; with the last one allowed comes the exception. */
export const afterFailure = (attempts: Attempts, now: Date, limits: AttemptLimits): Attempts => {
  const windowStart = now.getTime() - limits.retryAttemptSeconds * 1000;
  const failedAt = [...attempts.failedAt.filter((at) => at.getTime() > windowStart), now];
  return { failedAt, excepted: attempts.excepted || failedAt.length >= limits.maximumAutomaticAttempts };
};

/** A success ends the series; an exception stays until somebody deletes it. */
export const afterSuccess = (attempts: Attempts): Attempts => ({ ...attempts, failedAt: [] });
