import { compliant, defineRule, nonCompliant } from '@compliance/core/rule';
import {
  ACTIVATE_KEYS,
  KEY_PERMISSIONS,
  KeyHandles,
  USER,
  activeKeysOf,
  dayOf,
  deactivateKeys,
  describeUse,
  observeUsers,
  readActiveKeys,
  readPassword,
} from '@compliance/iam-credential-report';
import * as z from 'zod';

import { Facts, factsOf, isInitial } from './initial-keys.ts';

export const rule = defineRule({
  command: 'IAM_REMOVE_INITIAL_ACCESS_KEYS',
  title: 'Console users have no access key that was created at user set-up and never needed',
  rationale: 'A key that is made because a form offers it is a second way in that nobody watches.',
  severity: 'medium',
  resourceType: USER,
  deploy: 'home-region',
  impact:
    'Whatever was set up with such a key and has not run yet is refused until the key is activated again.',
  triggers: ['schedule'],
  controls: {
    'cis-1.2': ['1.21'],
    'cis-1.3': ['1.11'],
    'cis-1.4': ['1.11'],
    'cis-1.5': ['1.11'],
    'cis-2.0': ['1.11'],
    'cis-3.0': ['1.11'],
    'cis-4.0': ['1.11'],
    'cis-4.0.1': ['1.11'],
    'cis-5.0': ['1.10'],
    'cis-6.0': ['2.10'],
  },
  equivalents: {
    prowler: ['iam_user_no_setup_initial_access_key'],
    steampipe: ['iam_user_access_keys_and_password_at_setup'],
    custodian: ['iam-user: credential (access_keys.last_used_date absent)'],
  },
  partly:
    'A key of the set-up that was used or rotated since: whether it is needed is known to its user only. A key that a fix deactivated remains to be deleted.',
  parameters: z.object({
    setupWindowSeconds: z
      .int()
      .min(0)
      .default(60)
      .describe('A key is of the set-up if it was created within this many seconds of its user.'),
    requireNeverUsed: z
      .boolean()
      .default(true)
      .describe('Whether only keys that were never used violate the rule. A fix deactivates no used key.'),
  }),
  facts: Facts,
  handles: KeyHandles,
  permissions: { ...KEY_PERMISSIONS, get: [...KEY_PERMISSIONS.get, 'iam:GetLoginProfile'] },

  observe: observeUsers({
    row: (row) => {
      const keys = activeKeysOf(row);
      return keys && factsOf(row.created, row.hasPassword, keys);
    },
    one: async (user, client) => {
      const keys = await readActiveKeys(user, client);
      const hasPassword = (await readPassword(user, client)) !== null;
      return (
        keys && {
          facts: factsOf(user.created, hasPassword, keys),
          handles: { userName: user.userName, keys: [...keys] },
        }
      );
    },
  }),

  judge: ({ userCreated, hasPassword, activeKeys }, { parameters }) => {
    const initial = activeKeys.filter((key) => isInitial(key, userCreated, parameters));
    if (!hasPassword || initial.length === 0) return compliant();
    const { length } = initial;
    const unused = initial.every(({ used }) => !used) ? ' and never used' : '';
    return nonCompliant(
      `${length === 1 ? 'An active access key was' : `${length} active access keys were`} created with this console user on ${dayOf(userCreated)}${unused}.`,
    );
  },

  fix: ({ facts: { userCreated }, handles: { userName, keys }, parameters, now }) => {
    const initial = keys.filter((key) =>
      isInitial({ ...key, used: key.lastUsed !== null }, userCreated, parameters),
    );
    const used = initial.filter(({ lastUsed }) => lastUsed !== null);
    const uses = used.map((key) => `${key.accessKeyId} (${describeUse(key)})`).join(' and ');
    return deactivateKeys({
      userName,
      now,
      idle: initial.filter((key) => !used.includes(key)),
      inUse:
        used.length === 0
          ? undefined
          : `Ask user ${userName} whether ${uses} is still needed. Deactivate it if not.`,
    });
  },

  undo: ACTIVATE_KEYS,
});
