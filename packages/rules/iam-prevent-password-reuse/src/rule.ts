import { ACCOUNT_TYPE, change, compliant, defineRule, nonCompliant } from '@compliance/core/rule';
import {
  PASSWORD_POLICY_PERMISSIONS,
  describePasswordPolicy,
  observePasswordPolicy,
  passwordPolicy,
  tightenPasswordPolicy,
} from '@compliance/iam-password-policy';
import * as z from 'zod';

export const iamPreventPasswordReuse = defineRule({
  command: 'IAM_PREVENT_PASSWORD_REUSE',
  title: 'IAM users cannot reuse previous passwords',
  rationale: 'A leaked password is useful again if its owner returns to it.',
  severity: 'low',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
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
    'aws-fsbp': ['IAM.16'],
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
  permissions: PASSWORD_POLICY_PERMISSIONS,

  observe: observePasswordPolicy(({ custom, policy }) => ({
    custom,
    passwordReusePrevention: policy.PasswordReusePrevention ?? 0,
  })),

  judge: (
    { custom, passwordReusePrevention: found },
    { parameters: { passwordReusePrevention: wanted } },
  ) => {
    if (found >= wanted) return compliant();
    const policy = describePasswordPolicy({ custom });
    return nonCompliant(`${policy} refuses ${found} previous passwords, not at least ${wanted}.`);
  },

  fix: ({ facts, parameters: { passwordReusePrevention: wanted } }) =>
    change({
      description: `Refuse reuse of the previous ${wanted} passwords`,
      risk: 'safe',
      steps: [
        tightenPasswordPolicy(
          ({ PasswordReusePrevention: live = 0 }) => ({ PasswordReusePrevention: Math.max(live, wanted) }),
          facts,
        ),
      ],
      inCode: { terraform: `aws_iam_account_password_policy: password_reuse_prevention = ${wanted}` },
    }),

  undo: { documents: [passwordPolicy] },
});
