import type { Permissions } from '@compliance/core/rule';

import { readActiveKeys, type UserKey } from './access-keys.ts';
import { USER_PERMISSIONS, observeUsers } from './observe-users.ts';
import { activeKeysOf } from './report-row.ts';

/** Creates the `observe` of a rule on the active access keys of IAM users. Its fix gets them as handles. */
export const observeKeys = <Facts>(factsOf: (keys: readonly UserKey[]) => Facts) =>
  observeUsers({
    row: (row) => {
      const keys = activeKeysOf(row);
      return keys && factsOf(keys);
    },
    one: async (user, client) => {
      const keys = await readActiveKeys(user, client);
      return keys && { facts: factsOf(keys), handles: { userName: user.userName, keys: [...keys] } };
    },
  });

const USERS = 'arn:*:iam::*:user/*';

/** The permissions of a rule that reads the active keys of a user and deactivates some. */
export const KEY_PERMISSIONS = {
  list: USER_PERMISSIONS.list,
  get: [...USER_PERMISSIONS.get, 'iam:ListAccessKeys', 'iam:GetAccessKeyLastUsed'],
  fix: [{ action: 'iam:UpdateAccessKey', resource: USERS }],
  undo: [{ action: 'iam:UpdateAccessKey', resource: USERS }],
} as const satisfies Permissions;
