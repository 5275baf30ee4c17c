import { DeleteLoginProfileCommand, IAMClient } from '@aws-sdk/client-iam';
import { call, change, shortened, type CallStep, type Fix } from '@compliance/core/rule';
import {
  DEACTIVATED_IN_CODE,
  deactivateKey,
  deactivateKeys,
  listKeys,
} from '@compliance/iam-credential-report';
import type * as z from 'zod';

import { isUnused, type Handles, type Limits } from './credentials.ts';

/** Deactivates the unused keys and deletes an unused password; leaves every other credential of the user alone. */
export const disableCredentials = (
  { userName, password, keys }: z.infer<typeof Handles>,
  { parameters, now }: { readonly parameters: Limits; readonly now: Date },
): Fix => {
  const unusedKeys = keys.filter((key) => isUnused(key, parameters, now));
  if (password === null || !isUnused(password, parameters, now))
    return deactivateKeys({ userName, now, idle: unusedKeys });
  const andKeys = unusedKeys.length === 0 ? '' : ` and deactivate ${listKeys(unusedKeys, now)}`;
  return change({
    description: `Delete the console password of user ${shortened(userName)}${andKeys}`,
    risk: 'irreversible',
    // The password comes last: the undo stops at what it cannot restore.
    steps: [...unusedKeys.map((key) => deactivateKey(userName, key)), deletePassword(userName)],
    inCode: {
      terraform: `aws_iam_user_login_profile: remove the resource${unusedKeys.length === 0 ? '' : `; ${DEACTIVATED_IN_CODE.terraform}`}`,
      cloudFormation: 'AWS::IAM::User: remove LoginProfile',
    },
  });
};

const deletePassword = (userName: string): CallStep =>
  call(
    IAMClient,
    DeleteLoginProfileCommand,
    { UserName: userName },
    {
      alreadyDone: ['NoSuchEntityException'],
      undo: { impossible: 'Nobody knows the deleted password. An administrator can set a new one.' },
    },
  );
