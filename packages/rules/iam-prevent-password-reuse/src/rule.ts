import { definePasswordRule } from '@compliance/iam-password-policy';
import * as z from 'zod';

export const iamPreventPasswordReuse = definePasswordRule({
  command: 'IAM_PREVENT_PASSWORD_REUSE',
  title: 'IAM users cannot reuse previous passwords',
  rationale: 'A leaked password is useful again if its owner returns to it.',
  severity: 'low',
  controls: {
    'cis-1.2': ['1.10'],
    'cis-1.3': ['1.9'],
    'cis-1.4': ['1.9'],
    'cis-1.5': ['1.9'],
    'cis-2.0': ['1.9'],
    'cis-3.0': ['1.9'],
    'cis-4.0': ['1.9'],
    'cis-4.0.1': ['1.9'],
    'cis-5.0': ['1.8'],
    'cis-6.0': ['2.8'],
    'cis-7.0': ['2.9'],
  },
  equivalents: {
    securityHub: ['IAM.16'],
    prowler: ['iam_password_policy_reuse_24'],
    steampipe: ['iam_account_password_policy_reuse_24'],
  },
  parameters: z.object({
    passwordReusePrevention: z
      .int()
      .min(1)
      .max(24)
      .default(24)
      .describe('How many previous passwords are refused. AWS remembers 24 at most.'),
  }),
  facts: z.object({ custom: z.boolean(), passwordReusePrevention: z.int() }),
  factsOf: ({ custom, policy }) => ({
    custom,
    passwordReusePrevention: policy.PasswordReusePrevention ?? 0,
  }),
  violation: ({ passwordReusePrevention: found }, { passwordReusePrevention: wanted }) =>
    found < wanted ? `refuses ${found} previous passwords, not at least ${wanted}` : undefined,
  fix: ({ passwordReusePrevention: wanted }) => ({
    description: `Refuse reuse of the previous ${wanted} passwords`,
    risk: 'safe',
    settings: ({ PasswordReusePrevention: live = 0 }) => ({
      PasswordReusePrevention: Math.max(live, wanted),
    }),
    terraform: `password_reuse_prevention = ${wanted}`,
  }),
});
