import type * as z from 'zod';

import { awsError } from './aws-error.ts';

/**
 * The input of an operation, or AWS's answer to a malformed one.
 * @throws ValidationException naming the first member that is wrong
 */
export const parseInput = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const where = issue?.path.join('.') ?? '';
  throw awsError(
    'ValidationException',
    `1 validation error detected: Value at '${where}' failed to satisfy constraint: ${issue?.message ?? 'malformed'}`,
    400,
  );
};
