import { ACCOUNT_TYPE, compliant, defineRule, nonCompliant, notApplicable } from '@compliance/core/rule';
import { DELETE_IN_MEMBER, observeRoot, whyRootNeedsNoMfa } from '@compliance/iam-account';
import * as z from 'zod';

export const rule = defineRule({
  command: 'IAM_ENABLE_ROOT_MFA',
  title: 'The root user signs in with MFA',
  rationale: 'No policy of the account limits root, so a stolen password alone must not open it.',
  severity: 'critical',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.13'],
    'cis-1.3': ['1.5'],
    'cis-1.4': ['1.5'],
    'cis-1.5': ['1.5'],
    'cis-2.0': ['1.5'],
    'cis-3.0': ['1.5'],
    'cis-4.0': ['1.5'],
    'cis-4.0.1': ['1.5'],
    'cis-5.0': ['1.4'],
    'cis-6.0': ['2.4'],
    'cis-7.0': ['2.5'],
    'aws-fsbp': ['IAM.9'],
  },
  equivalents: {
    config: ['ROOT_ACCOUNT_MFA_ENABLED'],
    securityHub: ['IAM.9'],
    prowler: ['iam_root_mfa_enabled'],
    steampipe: ['iam_root_user_account_console_access_mfa_enabled', 'iam_root_user_mfa_enabled'],
    custodian: ['account: iam-summary (AccountMFAEnabled)'],
  },
  parameters: z.object({}),
  facts: z.object({ hasPassword: z.boolean(), hasMfa: z.boolean() }),
  permissions: { list: ['iam:GetAccountSummary'], get: ['iam:GetAccountSummary'], fix: [], undo: [] },

  observe: observeRoot(({ hasPassword, hasMfa }) => ({ hasPassword, hasMfa })),

  judge: ({ hasPassword, hasMfa }, { partition }) => {
    const why = whyRootNeedsNoMfa(partition);
    if (why !== undefined) return notApplicable(why);
    // Without a password nobody signs in as root, so there is nothing for MFA to protect.
    return hasMfa || !hasPassword ? compliant() : nonCompliant('The root user has a password and no MFA.');
  },

  guidance: `${DELETE_IN_MEMBER} aws iam delete-login-profile. Otherwise sign in as root, and assign an MFA device under Security credentials.`,
});
