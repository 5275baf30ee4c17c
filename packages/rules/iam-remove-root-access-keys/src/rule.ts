import { ACCOUNT_TYPE, compliant, defineRule, nonCompliant } from '@compliance/core/rule';
import { DELETE_IN_MEMBER, observeRoot } from '@compliance/iam-account';
import * as z from 'zod';

export const rule = defineRule({
  command: 'IAM_REMOVE_ROOT_ACCESS_KEYS',
  title: 'The root user has no access key',
  rationale: 'No policy of the account limits a key of root: somebody who finds it has the account.',
  severity: 'critical',
  resourceType: ACCOUNT_TYPE,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.12'],
    'cis-1.3': ['1.4'],
    'cis-1.4': ['1.4'],
    'cis-1.5': ['1.4'],
    'cis-2.0': ['1.4'],
    'cis-3.0': ['1.4'],
    'cis-4.0': ['1.4'],
    'cis-4.0.1': ['1.4'],
    'cis-5.0': ['1.3'],
    'cis-6.0': ['2.3'],
    'cis-7.0': ['2.4'],
    'aws-fsbp': ['IAM.4'],
  },
  equivalents: {
    config: ['IAM_ROOT_ACCESS_KEY_CHECK'],
    securityHub: ['IAM.4'],
    prowler: ['iam_no_root_access_key'],
    steampipe: ['iam_root_user_no_access_keys'],
    custodian: ['account: iam-summary'],
  },
  parameters: z.object({}),
  facts: z.object({ hasAccessKeys: z.boolean() }),
  permissions: { list: ['iam:GetAccountSummary'], get: ['iam:GetAccountSummary'], fix: [], undo: [] },

  observe: observeRoot(({ hasAccessKeys }) => ({ hasAccessKeys })),

  // The summary also counts an inactive key, which root can activate at any time.
  judge: ({ hasAccessKeys }) =>
    hasAccessKeys ? nonCompliant('The root user has an access key, active or inactive.') : compliant(),

  guidance: `Replace what still uses the key with a role. ${DELETE_IN_MEMBER} aws iam list-access-keys and aws iam delete-access-key. Otherwise sign in as root, and deactivate the key before you delete it.`,
});
