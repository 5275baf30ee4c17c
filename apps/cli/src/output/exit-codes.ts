export const EXIT = { ok: 0, findings: 1, usage: 2, aws: 3 } as const;

/** What was asked for cannot be: the arguments or a file they name are wrong. */
export class UsageError extends Error {
  override name = 'UsageError' as const;
}
