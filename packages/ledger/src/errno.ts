/** Whether an error has one of these codes of the operating system, such as `ENOENT`. */
export const hasErrno = (error: unknown, ...codes: readonly string[]): boolean =>
  error instanceof Error && 'code' in error && codes.includes(String(error.code));
