/** Whether the operating system failed with this code: `ENOENT`, `EEXIST`. */
export const hasErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
