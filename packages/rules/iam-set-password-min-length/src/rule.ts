import { definePasswordRule } from '@compliance/iam-password-policy';
import * as z from 'zod';

export const iamSetPasswordMinLength = definePasswordRule({
  command: 'IAM_SET_PASSWORD_MIN_LENGTH',
  title: 'Passwords of IAM users have a minimum length',
  rationale: 'Each additional character makes a password many times harder to guess or to crack.',
  severity: 'medium',
  controls: {
    'cis-1.2': ['1.9'],
    'cis-1.3': ['1.8'],
    'cis-1.4': ['1.8'],
    'cis-1.5': ['1.8'],
    'cis-2.0': ['1.8'],
    'cis-3.0': ['1.8'],
    'cis-4.0': ['1.8'],
    'cis-4.0.1': ['1.8'],
    'cis-5.0': ['1.7'],
    'cis-6.0': ['2.7'],
    'cis-7.0': ['2.8'],
  },
  equivalents: {
    securityHub: ['IAM.15'],
    prowler: ['iam_password_policy_minimum_length_14'],
    steampipe: ['iam_account_password_policy_min_length_14'],
  },
  parameters: z.object({
    minimumPasswordLength: z
      .int()
      .min(6)
      .max(128)
      .default(14)
      .describe('The minimum length of a password, in characters. The bounds are those of AWS.'),
  }),
  facts: z.object({ custom: z.boolean(), minimumPasswordLength: z.int() }),
  factsOf: ({ custom, policy }) => ({ custom, minimumPasswordLength: policy.MinimumPasswordLength }),
  violation: ({ minimumPasswordLength: found }, { minimumPasswordLength: wanted }) =>
    found < wanted ? `allows passwords of ${found} characters, not at least ${wanted}` : undefined,
  fix: ({ minimumPasswordLength: wanted }) => ({
    description: `Require at least ${wanted} characters in a new password`,
    risk: 'safe',
    settings: ({ MinimumPasswordLength: live }) => ({ MinimumPasswordLength: Math.max(live, wanted) }),
    terraform: `minimum_password_length = ${wanted}`,
  }),
});
