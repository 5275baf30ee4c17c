import { IAMClient, UpdateAccessKeyCommand } from '@aws-sdk/client-iam';
import {
  call,
  change,
  firstOf,
  operation,
  shortened,
  undoCall,
  type CallStep,
  type Fix,
} from '@compliance/core/rule';

import type { Key } from './access-keys.ts';

interface KeysToDeactivate {
  readonly userName: string;
  /** Nothing works with them any more; one at least, or `inUse` is what a person does. */
  readonly idle: readonly Pick<Key, 'accessKeyId'>[];
  /** What a person must do with the keys in use, if there are any. */
  readonly inUse?: string | undefined;
}

/** Creates the fix that deactivates idle keys of a user and leaves those in use to a person. It deletes no key. */
export const deactivateKeys = ({ userName, idle, inUse }: KeysToDeactivate): Fix => {
  if (idle.length === 0 && inUse !== undefined) return { manual: inUse };
  return change({
    description: `Deactivate ${listKeys(idle)} of user ${shortened(userName)}`,
    risk: 'disruptive',
    steps: idle.map((key) => deactivateKey(userName, key)),
    inCode: DEACTIVATED_IN_CODE,
    ...(inUse !== undefined && { effectiveAfter: { manual: inUse } }),
  });
};

/** The step that deactivates a key; its undo activates it. */
export const deactivateKey = (userName: string, { accessKeyId }: Pick<Key, 'accessKeyId'>): CallStep => {
  // Without a user name IAM assumes a key of the caller.
  const key = { UserName: userName, AccessKeyId: accessKeyId };
  return call(
    IAMClient,
    UpdateAccessKeyCommand,
    { ...key, Status: 'Inactive' },
    {
      alreadyDone: ['NoSuchEntityException'],
      undo: undoCall(IAMClient, UpdateAccessKeyCommand, { ...key, Status: 'Active' }),
    },
  );
};

export const listKeys = (keys: readonly Pick<Key, 'accessKeyId'>[]): string =>
  firstOf(keys.map(({ accessKeyId }) => accessKeyId));

export const DEACTIVATED_IN_CODE = {
  terraform: 'aws_iam_access_key: status = "Inactive"',
  cloudFormation: 'AWS::IAM::AccessKey: Status: Inactive',
} as const;

/** What the undo of a rule with `deactivateKey` may call. */
export const ACTIVATE_KEYS = { operations: [operation(IAMClient, UpdateAccessKeyCommand)] } as const;
