import type * as z from 'zod';

import { permanent, type ErrorCode } from './errors.ts';
import { explainIssues } from './zod-sentences.ts';

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

/** Parses the environment of a function. @throws {Error} naming every missing variable */
export const parseVariables = <T>(schema: z.ZodType<T>, env: NodeJS.ProcessEnv): T => {
  const parsed = schema.safeParse(env);
  if (parsed.success) return parsed.data;
  throw new Error(`Incomplete environment of the function: ${explainIssues(parsed.error)}`, {
    cause: parsed.error,
  });
};
