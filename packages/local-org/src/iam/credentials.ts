import { randomBytes } from 'node:crypto';
import { awsError } from '../protocol/aws-error.ts';
import type { Principal } from '../protocol/call.ts';
import type { CredentialScope } from '../protocol/signature.ts';

/** Credentials for an SDK client. */
export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}

export interface KeyRing {
  /** Issues credentials for a principal; temporary ones with `ttlSeconds`. */
  readonly issue: (principal: Principal, ttlSeconds?: number) => Credentials;
  /** @throws {AwsError} InvalidClientTokenId for a key that was not issued here, ExpiredToken for an expired one. */
  readonly find: (scope: CredentialScope) => {
    readonly principal: Principal;
    readonly credentials: Credentials;
  };
}

// Expired keys are deleted after an hour, so that a long run stays small.
const DELETE_AFTER_MS = 3_600_000;

export const createKeyRing = (now: () => Date): KeyRing => {
  const keys = new Map<string, { principal: Principal; credentials: Credentials }>();

  const deleteExpired = (): void => {
    for (const [id, { credentials }] of keys) {
      if ((credentials.expiration?.getTime() ?? Infinity) + DELETE_AFTER_MS < now().getTime())
        keys.delete(id);
    }
  };

  return {
    issue: (principal, ttlSeconds) => {
      if (keys.size % 100 === 99) deleteExpired();
      const temporary = ttlSeconds !== undefined;
      const credentials = {
        accessKeyId: `${temporary ? 'ASIA' : 'AKIA'}${randomText(16)}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        ...(temporary && {
          sessionToken: randomBytes(96).toString('base64'),
          expiration: new Date(now().getTime() + ttlSeconds * 1000),
        }),
      };
      keys.set(credentials.accessKeyId, { principal, credentials });
      return credentials;
    },

    find: ({ accessKeyId, sessionToken }) => {
      const key = keys.get(accessKeyId);
      if (key === undefined || key.credentials.sessionToken !== sessionToken) {
        throw awsError('InvalidClientTokenId', 'The security token included in the request is invalid.', 403);
      }
      if ((key.credentials.expiration?.getTime() ?? Infinity) <= now().getTime()) {
        throw awsError('ExpiredToken', 'The security token included in the request is expired', 403);
      }
      return key;
    },
  };
};

const randomText = (length: number): string =>
  [...randomBytes(length)].map((byte) => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.charAt(byte % 32)).join('');
