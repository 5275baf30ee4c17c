import * as z from 'zod';

const Principal = z
  .string()
  .regex(
    /^arn:[^:*]+:iam::[^:*]+:(root|(user|role)\/[^*]+)$/,
    'is not the ARN of an account, a user or a role',
  );

export const Parameters = z.object({
  trustedPrincipals: z
    .array(Principal)
    .default([])
    .describe(
      'Who may assume the role that a fix creates: ARNs of roles, users or accounts, such as arn:{partition}:iam::{accountId}:root.',
    ),
  requireMfa: z
    .boolean()
    .default(true)
    .describe('Only sessions with MFA may assume it. Sessions of IAM Identity Center do not count as such.'),
});
export type Parameters = z.infer<typeof Parameters>;
