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
import { daysSinceUse } from './time.ts';

interface KeysToDeactivate {
  readonly userName: string;
  /** Those to deactivate; one at least, or `inUse` is what a person does. The plan says which were used lately. */
  readonly idle: readonly Key[];
  readonly now: Date;
  /** What a person must do with the keys in use, if there are any. */
  readonly inUse?: string | undefined;
}

/** Creates the fix that deactivates idle keys of a user and leaves those in use to a person. It deletes no key. */
export const deactivateKeys = ({ userName, idle, now, inUse }: KeysToDeactivate): Fix => {
  if (idle.length === 0 && inUse !== undefined) return { manual: inUse };
  return change({
    description: `Deactivate ${listKeys(idle, now)} of user ${shortened(userName)}`,
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

/** `AKIA1 (in use), AKIA2`. The day of the last use would change the plan daily. */
export const listKeys = (keys: readonly Key[], now: Date): string =>
  firstOf(
    keys.map(({ accessKeyId, lastUsed }) =>
      lastUsed !== null && daysSinceUse(lastUsed, now) < IN_USE_DAYS
        ? `${accessKeyId} (in use)`
        : accessKeyId,
    ),
  );

/** A job that runs monthly still uses its key. */
const IN_USE_DAYS = 31;

export const DEACTIVATED_IN_CODE = {
  terraform: 'aws_iam_access_key: status = "Inactive"',
  cloudFormation: 'AWS::IAM::AccessKey: Status: Inactive',
} as const;

/** What the undo of a rule with `deactivateKey` may call. */
export const ACTIVATE_KEYS = { operations: [operation(IAMClient, UpdateAccessKeyCommand)] } as const;
