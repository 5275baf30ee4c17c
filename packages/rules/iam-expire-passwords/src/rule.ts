import { definePasswordRule } from '@compliance/iam-password-policy';
import * as z from 'zod';

export const rule = definePasswordRule({
  command: 'IAM_EXPIRE_PASSWORDS',
  title: 'Passwords of IAM users expire',
  rationale: 'A password that leaked unnoticed is useful until it is changed.',
  severity: 'low',
  impact:
    'Users whose password is older must set a new one when they sign in next; with hard expiry an administrator must.',
  controls: { 'cis-1.2': ['1.11'] },
  equivalents: {
    securityHub: ['IAM.17'],
    prowler: ['iam_password_policy_expires_passwords_within_90_days_or_less'],
    steampipe: ['iam_password_policy_expire_90'],
  },
  parameters: z.object({
    maxPasswordAge: z
      .int()
      .min(1)
      .max(1095)
      .default(90)
      .describe('For how long a password is valid at most, in days. The bounds are those of AWS.'),
    hardExpiry: z
      .boolean()
      .default(false)
      .describe(
        'Whether the fix keeps hard expiry where it is on: a user with an expired password then cannot sign in until an administrator resets it. Otherwise the fix turns it off; it never turns it on.',
      ),
  }),
  // An age of 0: passwords do not expire.
  facts: z.object({ custom: z.boolean(), maxPasswordAge: z.int() }),
  factsOf: ({ custom, policy }) => ({ custom, maxPasswordAge: policy.MaxPasswordAge ?? 0 }),
  violation: ({ maxPasswordAge: found }, { maxPasswordAge: wanted }) => {
    if (found < 1) return `never expires passwords, not after at most ${wanted} days`;
    return found > wanted ? `expires passwords after ${found} days, not after at most ${wanted}` : undefined;
  },
  fix: ({ maxPasswordAge: wanted, hardExpiry }) => ({
    description: `Let passwords expire after ${wanted} days; users with older ones must ${hardExpiry ? 'have them reset by an administrator where hard expiry is on' : 'set new ones when they sign in'}`,
    risk: 'disruptive',
    settings: ({ MaxPasswordAge: live = wanted, HardExpiry }) => ({
      MaxPasswordAge: Math.min(live, wanted),
      HardExpiry: HardExpiry && hardExpiry,
    }),
    terraform: `max_password_age = ${wanted}${hardExpiry ? '' : ', hard_expiry = false'}`,
  }),
});
