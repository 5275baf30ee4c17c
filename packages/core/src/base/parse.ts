import type * as z from 'zod';

import { permanent, type ErrorCode } from './errors.ts';

/**
 * Parses an input from outside.
 * @throws {ComplianceError} permanent, with the given code, naming `what` was given and each mistake in it
 */
export const parseOrThrow = <T>(
  schema: z.ZodType<T>,
  input: unknown,
  { code, what }: { readonly code: ErrorCode; readonly what: string },
): T => {
  const parsed = schema.safeParse(input);
  if (parsed.success) return parsed.data;
  throw permanent(code, `Invalid ${what}: ${explainIssues(parsed.error)}`, parsed.error);
};

/** Every mistake in one line, each behind its path: `limits.flaps.times: Too small`. */
export const explainIssues = ({ issues }: z.ZodError): string =>
  issues
    .map(({ path, message }) => {
      const text = message.replace(/^Invalid input: /, '');
      return path.length > 0 ? `${path.join('.')}: ${text}` : text;
    })
    .join('; ');
