import { compliant, defineRule, nonCompliant } from '@compliance/core/rule';
import {
  USER,
  USER_PERMISSIONS,
  observeUsers,
  readMfa,
  readPassword,
} from '@compliance/iam-credential-report';
import * as z from 'zod';

export const rule = defineRule({
  command: 'IAM_ENABLE_USER_MFA',
  title: 'Every IAM user with a console password has MFA',
  rationale:
    'A password alone can be guessed, reused or phished; a second factor stops an intruder who has only the password.',
  severity: 'medium',
  resourceType: USER,
  deploy: 'home-region',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.2'],
    'cis-1.3': ['1.10'],
    'cis-1.4': ['1.10'],
    'cis-1.5': ['1.10'],
    'cis-2.0': ['1.10'],
    'cis-3.0': ['1.10'],
    'cis-4.0': ['1.10'],
    'cis-4.0.1': ['1.10'],
    'cis-5.0': ['1.9'],
    'cis-6.0': ['2.9'],
    'cis-7.0': ['2.10'],
    'aws-fsbp': ['IAM.5'],
  },
  equivalents: {
    config: ['MFA_ENABLED_FOR_IAM_CONSOLE_ACCESS'],
    securityHub: ['IAM.5'],
    prowler: ['iam_user_mfa_enabled_console_access'],
    steampipe: ['iam_user_console_access_mfa_enabled'],
    custodian: ['iam-user: credential / mfa-device / login-profile'],
  },
  parameters: z.object({}),
  // Whether there is MFA is not read of a user without a password.
  facts: z.object({ hasPassword: z.boolean(), hasMfa: z.boolean() }),
  permissions: {
    ...USER_PERMISSIONS,
    get: [...USER_PERMISSIONS.get, 'iam:GetLoginProfile', 'iam:ListMFADevices'],
  },

  observe: observeUsers({
    row: ({ hasPassword, hasMfa }) => ({ hasPassword, hasMfa: hasPassword && hasMfa }),
    one: async (user, client) => {
      if ((await readPassword(user, client)) === null)
        return { facts: { hasPassword: false, hasMfa: false } };
      const hasMfa = await readMfa(user, client);
      return hasMfa === undefined ? undefined : { facts: { hasPassword: true, hasMfa } };
    },
  }),

  judge: ({ hasPassword, hasMfa }) =>
    hasPassword && !hasMfa ? nonCompliant('The user has a console password and no MFA device.') : compliant(),

  // A policy that denies all without MFA would have to be attached to the user, which IAM_REMOVE_USER_POLICIES refuses.
  guidance:
    'Let the user register an MFA device (IAM console, Security credentials), or delete the password of a user that needs no console.',
});
