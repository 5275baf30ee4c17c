export const EXIT = { ok: 0, findings: 1, usage: 2, aws: 3 } as const;

/** Invalid arguments, or a file named by them that cannot be used. */
export class UsageError extends Error {
  override name = 'UsageError' as const;
}

/** Creates a usage error that ends with the message of its cause. */
export const usageErrorFrom = (what: string, cause: unknown): UsageError =>
  new UsageError(`${what}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
