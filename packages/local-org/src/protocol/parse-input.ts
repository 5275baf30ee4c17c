import type * as z from 'zod';

import { awsError } from './aws-error.ts';

/**
 * Parses the input of an operation.
 * @throws {AwsError} ValidationException naming the first wrong member
 */
export const parseInput = <T>(schema: z.ZodType<T>, input: unknown): T => {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const member = issue?.path.join('.') ?? '';
  throw awsError(
    'ValidationException',
    `1 validation error detected: Value at '${member}' failed to satisfy constraint: ${issue?.message ?? 'malformed'}`,
    400,
  );
};
