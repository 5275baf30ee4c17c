import { randomInt } from 'node:crypto';

import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { inject } from 'vitest';

import { AccountId } from '../base/account-id.ts';
import { createSession } from '../aws/create-session.ts';
import { grantAction, type Grant } from '../aws/grant.ts';
import type { Session } from '../aws/session.ts';
import { awsError } from './fake-session.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** The address of the AWS emulator that this run started. */
    readonly emulator: string;
  }
}

/** An account of the emulator that no other test uses. */
export interface EmulatedAccount {
  readonly accountId: AccountId;
  /** May do everything; for seeding and reading. */
  readonly admin: Session;
  /** A new session that may do what is granted, and records the actions used. Shares no cache with others. */
  as(grants: readonly Grant[]): Session & { readonly used: ReadonlySet<string> };
}

/** Creates an empty account of the emulator. Only in `*.emulator.test.ts`. */
export const emulatedAccount = async (region = 'eu-west-1'): Promise<EmulatedAccount> => {
  const endpoint = inject('emulator');
  const accountId = AccountId.parse(String(randomInt(1e11, 1e12 - 1)));
  const credentials = await credentialsOf(accountId, endpoint, region);
  const options = { accountId, region, credentials, endpoint };
  return {
    accountId,
    admin: createSession(options),
    as: (grants) => {
      const allowed = new Set(grants.map(grantAction));
      const used = new Set<string>();
      const onAction = (action: string) => {
        if (!allowed.has(action))
          throw awsError('AccessDenied', `${action} is not a declared permission`, 403);
        used.add(action);
      };
      return { ...createSession({ ...options, onAction }), used };
    },
  };
};

const credentialsOf = async (accountId: AccountId, endpoint: string, region: string) => {
  const sts = new STSClient({
    endpoint,
    region,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/Admin`, RoleSessionName: 'test' }),
  );
  sts.destroy();
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
};
