import type { STSClient } from '@aws-sdk/client-sts';
import {
  accessFailure,
  assumeRole,
  explain,
  MEMBER_ROLES,
  permanent,
  type AccountId,
  type Session,
} from '@compliance/core/scan';
import type { AwsCredentialIdentity, AwsCredentialIdentityProvider } from '@smithy/types';

import type { SessionPolicy } from './read-only-policy.ts';

const ADMINISTRATOR = 'OrganizationAccountAccessRole';

/** Roles that are likely to be there, the least powerful first: ours, Control Tower's auditor, the administrator. */
export const USUAL_ROLES = [
  MEMBER_ROLES.evaluate,
  'aws-controltower-ReadOnlyExecutionRole',
  ADMINISTRATOR,
] as const;

/** Credentials that expire sooner are not used for another call. */
const RENEW_BEFORE_MS = 5 * 60_000;

export interface EntranceOptions {
  readonly sts: STSClient;
  /** The account of the caller, which is entered with the caller's own credentials. */
  readonly own: Pick<Session, 'accountId' | 'region' | 'partition'>;
  readonly ownCredentials: AwsCredentialIdentityProvider;
  /** The roles to try, in this order. */
  readonly roles: readonly string[];
  readonly externalId?: string | undefined;
  readonly managementAccountId?: string | undefined;
  readonly sessionPolicy: SessionPolicy;
  readonly now?: () => number;
}

export interface Entry {
  /** The role that was assumed; none in the caller's own account. */
  readonly role?: string;
  /** Credentials for this account, renewed before they expire. */
  readonly credentials: AwsCredentialIdentityProvider;
}

/**
 * Enters accounts: every role is assumed with a read-only session policy.
 * @throws what STS answers when the caller's own credentials are the reason, which then holds for all accounts
 * @throws {ComplianceError} permanent `role-not-assumed` naming each role that was refused
 */
export const createEntrance = ({ now = Date.now, ...options }: EntranceOptions) => {
  const { sts, own, ownCredentials, externalId, sessionPolicy } = options;
  let roles = options.roles;

  const assume = (accountId: AccountId, role: string): Promise<AwsCredentialIdentity> =>
    assumeRole(
      sts,
      { ...own, accountId },
      // The trust policies of AWS's roles ask for no external id, and ignore one.
      { role, externalId, sessionName: 'compliance-scan', ...sessionPolicy },
    );

  return async (accountId: AccountId): Promise<Entry> => {
    if (accountId === own.accountId) return { credentials: ownCredentials };
    const refusals: string[] = [];
    for (const role of roles) {
      try {
        const credentials = await assume(accountId, role);
        // Accounts of an organization tend to have the same role: it is tried first from now on.
        roles = [role, ...options.roles.filter((other) => other !== role)];
        return { role, credentials: renewed(credentials, () => assume(accountId, role), now) };
      } catch (error) {
        if (accessFailure(error) !== undefined) throw error;
        refusals.push(explain(error));
      }
    }
    throw permanent('role-not-assumed', [...refusals, ...hint(accountId, options)].join('; '));
  };
};

/** Assumes the role again shortly before its credentials expire, once for all clients. */
const renewed = (
  first: AwsCredentialIdentity,
  assume: () => Promise<AwsCredentialIdentity>,
  now: () => number,
): AwsCredentialIdentityProvider => {
  let current = Promise.resolve(first);
  let until = expiryOf(first);
  return async () => {
    if (now() < until - RENEW_BEFORE_MS) return current;
    until = Infinity;
    current = assume();
    try {
      until = expiryOf(await current);
    } catch (error) {
      until = 0;
      throw error;
    }
    return current;
  };
};

const expiryOf = ({ expiration }: AwsCredentialIdentity): number => expiration?.getTime() ?? Infinity;

/** Why the administrator's role, which is usual, does not let the caller in. */
const hint = (
  accountId: AccountId,
  { roles, own, managementAccountId }: EntranceOptions,
): readonly string[] => {
  if (!roles.includes(ADMINISTRATOR) || managementAccountId === undefined) return [];
  if (accountId === managementAccountId)
    return [`The management account has no ${ADMINISTRATOR}: scan it with its own credentials.`];
  return own.accountId === managementAccountId
    ? []
    : [
        `${ADMINISTRATOR} trusts the management account ${managementAccountId}, not the delegated administrator ${own.accountId}: use credentials of the management account, or --role with a role that trusts ${own.accountId}.`,
      ];
};
