import { compliant, defineRule, nonCompliant } from '@compliance/core/rule';
import {
  ACTIVATE_KEYS,
  KEY_PERMISSIONS,
  USER,
  activeKeysOf,
  dayOf,
  observeUsers,
  readActiveKeys,
  readPassword,
} from '@compliance/iam-credential-report';
import * as z from 'zod';

import { Facts, Handles, factsOf, isAbandoned, isForgotten, reportedPassword } from './credentials.ts';
import { disableCredentials } from './disable-credentials.ts';

export const rule = defineRule({
  command: 'IAM_DISABLE_UNUSED_CREDENTIALS',
  title: 'Passwords and access keys that nobody uses are disabled',
  rationale: 'Nobody notices when a forgotten credential leaks, and nobody needs it.',
  severity: 'medium',
  resourceType: USER,
  deploy: 'home-region',
  impact:
    'Work that is done less often than the limits allow loses its access key. Its user cannot sign in to the console until an administrator sets a new password.',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.3'],
    'cis-1.3': ['1.12'],
    'cis-1.4': ['1.12'],
    'cis-1.5': ['1.12'],
    'cis-2.0': ['1.12'],
    'cis-3.0': ['1.12'],
    'cis-4.0': ['1.12'],
    'cis-4.0.1': ['1.12'],
    'cis-5.0': ['1.11'],
    'cis-6.0': ['2.11'],
    'cis-7.0': ['2.11'],
    'aws-fsbp': ['IAM.8'],
  },
  equivalents: {
    config: ['IAM_USER_UNUSED_CREDENTIALS_CHECK'],
    securityHub: ['IAM.22', 'IAM.8'],
    prowler: ['iam_user_accesskey_unused', 'iam_user_console_access_unused'],
    steampipe: ['iam_user_unused_credentials_45', 'iam_user_unused_credentials_90'],
    custodian: ['iam-user: credential / access-key'],
  },
  parameters: z.object({
    maxCredentialUsageAge: z
      .int()
      .min(1)
      .default(45)
      .describe('After how many whole days without use a credential violates the rule. CIS 1.2 and 1.3: 90.'),
    newCredentialGraceDays: z
      .int()
      .min(1)
      .default(45)
      .describe('After how many whole days a credential that was never used violates the rule.'),
  }),
  facts: Facts,
  handles: Handles,
  permissions: {
    ...KEY_PERMISSIONS,
    get: [...KEY_PERMISSIONS.get, 'iam:GetLoginProfile'],
    fix: [...KEY_PERMISSIONS.fix, { action: 'iam:DeleteLoginProfile', resource: 'arn:*:iam::*:user/*' }],
  },

  observe: observeUsers({
    row: (row) => {
      const [keys, password] = [activeKeysOf(row), reportedPassword(row)];
      return keys && password !== undefined ? factsOf({ password, keys }) : undefined;
    },
    one: async (user, client) => {
      const password = await readPassword(user, client);
      const keys = await readActiveKeys(user, client);
      return (
        keys && {
          facts: factsOf({ password, keys }),
          handles: { userName: user.userName, password, keys: [...keys] },
        }
      );
    },
  }),

  judge: ({ longestUnused, oldestNeverUsed }, { parameters, now }) => {
    // The dates, not the ages: an annotation that changes daily would be sent, and billed, daily.
    const found = [
      longestUnused && isForgotten(longestUnused, parameters, now)
        ? `the ${longestUnused.credential}, last used on ${longestUnused.lastUsed}`
        : '',
      oldestNeverUsed && isAbandoned(oldestNeverUsed, parameters, now)
        ? `the ${oldestNeverUsed.credential}, never used since ${dayOf(oldestNeverUsed.created)}`
        : '',
    ].filter((text) => text !== '');
    return found.length === 0 ? compliant() : nonCompliant(`Unused for too long: ${found.join('; ')}.`);
  },

  fix: ({ handles, parameters, now }) => disableCredentials(handles, { parameters, now }),

  undo: ACTIVATE_KEYS,
});
