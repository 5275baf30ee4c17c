import * as z from 'zod';

import { permanent, type ErrorCode } from './errors.ts';
import { sentenceOf } from './zod-sentences.ts';

// For every schema of the process: rules have their own, and people read what they refuse.
z.config({ customError: sentenceOf });

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

/** Every mistake in one line, each behind its path: `limits.flaps.times: must be at least 1`. */
export const explainIssues = ({ issues }: z.ZodError): string =>
  issues.map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message)).join('; ');
