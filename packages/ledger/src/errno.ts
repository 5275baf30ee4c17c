/** Whether an error has this code of the operating system, such as `ENOENT`. */
export const hasErrno = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;
