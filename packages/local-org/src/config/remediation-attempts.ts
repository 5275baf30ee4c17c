/** Failed automatic remediations of one resource by one rule. */
export interface Attempts {
  readonly failedAt: readonly Date[];
  /** Whether AWS Config has added a remediation exception and stopped retrying. */
  readonly excepted: boolean;
}

export interface AttemptLimits {
  readonly maximumAutomaticAttempts: number;
  readonly retryAttemptSeconds: number;
}

export const noAttempts: Attempts = { failedAt: [], excepted: false };

/** Counts a failure, within `retryAttemptSeconds`; the last allowed one adds the exception. */
export const afterFailure = (attempts: Attempts, now: Date, limits: AttemptLimits): Attempts => {
  const windowStart = now.getTime() - limits.retryAttemptSeconds * 1000;
  const failedAt = [...attempts.failedAt.filter((at) => at.getTime() > windowStart), now];
  return { failedAt, excepted: attempts.excepted || failedAt.length >= limits.maximumAutomaticAttempts };
};

/** Resets the failures after a success; an exception stays until it is deleted. */
export const afterSuccess = (attempts: Attempts): Attempts => ({ ...attempts, failedAt: [] });
