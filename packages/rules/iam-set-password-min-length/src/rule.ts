import { ACCOUNT_TYPE, change, compliant, defineRule, nonCompliant } from '@compliance/core/rule';
import {
  PASSWORD_POLICY_PERMISSIONS,
  describePasswordPolicy,
  observePasswordPolicy,
  passwordPolicy,
  tightenPasswordPolicy,
} from '@compliance/iam-password-policy';
import * as z from 'zod';

export const iamSetPasswordMinLength = defineRule({
  command: 'IAM_SET_PASSWORD_MIN_LENGTH',
  title: 'Passwords of IAM users have a minimum length',
  rationale: 'Each additional character makes a password many times harder to guess or to crack.',
  severity: 'medium',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
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
    'aws-fsbp': ['IAM.15'],
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
  permissions: PASSWORD_POLICY_PERMISSIONS,

  observe: observePasswordPolicy(({ custom, policy }) => ({
    custom,
    minimumPasswordLength: policy.MinimumPasswordLength,
  })),

  judge: ({ custom, minimumPasswordLength: found }, { parameters: { minimumPasswordLength: wanted } }) => {
    if (found >= wanted) return compliant();
    const policy = describePasswordPolicy({ custom });
    return nonCompliant(`${policy} allows passwords of ${found} characters, not at least ${wanted}.`);
  },

  fix: ({ facts, parameters: { minimumPasswordLength: wanted } }) =>
    change({
      description: `Require at least ${wanted} characters in a new password`,
      risk: 'safe',
      steps: [
        tightenPasswordPolicy(
          (policy) => ({ MinimumPasswordLength: Math.max(policy.MinimumPasswordLength, wanted) }),
          facts,
        ),
      ],
      inCode: { terraform: `aws_iam_account_password_policy: minimum_password_length = ${wanted}` },
    }),

  undo: { documents: [passwordPolicy] },
});
