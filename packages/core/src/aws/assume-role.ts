import { AssumeRoleCommand, type STSClient } from '@aws-sdk/client-sts';

import type { AccountId } from '../base/account-id.ts';
import { systemClock, type Clock } from '../base/clock.ts';
import { defined } from '../base/defined.ts';
import { explain, failureKind, permanent, transient } from '../base/errors.ts';
import { createSession } from './create-session.ts';
import { policyOf, type Grant } from './grant.ts';
import type { Session } from './session.ts';

/** The roles of a member account that the master's functions assume. */
export const MEMBER_ROLES = { evaluate: 'compliance-evaluate', remediate: 'compliance-remediate' } as const;

/** The longest session policy that AWS accepts, in characters. */
export const SESSION_POLICY_LENGTH = 2048;

/** AWS limits chained roles to one hour. */
const SESSION_SECONDS = 3600;

/** How long before its end a session is renewed. No call may use credentials about to expire. */
const EXPIRY_MARGIN_MS = 5 * 60_000;

/** How many accounts' sessions a warm function caches. */
const CACHED_ACCOUNTS = 200;

export interface AssumeOptions {
  readonly sts: STSClient;
  /** From the settings, which are read at run time. */
  readonly externalId: () => Promise<string>;
  readonly clock?: Clock;
}

export interface SessionTarget {
  readonly accountId: AccountId;
  readonly region: string;
  readonly partition: string;
}

/**
 * Opens sessions that evaluate.
 * There is one AssumeRole per account and hour; all rules of the account share its clients.
 */
export const createEvaluateSessions = ({ sts, externalId, clock = systemClock }: AssumeOptions) => {
  const sessions = new Map<string, { readonly session: Promise<Session>; readonly until: () => number }>();

  const open = (target: SessionTarget) => {
    let until = Infinity;
    const session = externalId()
      .then((id) =>
        assumeRole(sts, target, {
          role: MEMBER_ROLES.evaluate,
          externalId: id,
          sessionName: MEMBER_ROLES.evaluate,
        }),
      )
      .then((credentials) => {
        until = (credentials.expiration?.getTime() ?? 0) - EXPIRY_MARGIN_MS;
        return createSession({ ...target, credentials, clock });
      })
      .catch((error: unknown) => {
        until = 0;
        throw error;
      });
    return { session, until: () => until };
  };

  return async (target: SessionTarget): Promise<Session> => {
    const known = sessions.get(target.accountId);
    const entry = known && clock.now().getTime() < known.until() ? known : open(target);
    // Moved to the end, so that the least recently used account is evicted first.
    sessions.delete(target.accountId);
    sessions.set(target.accountId, entry);
    for (const [oldest] of sessions) {
      if (sessions.size <= CACHED_ACCOUNTS) break;
      sessions.delete(oldest);
    }
    return (await entry.session).at(target.region);
  };
};

/** Opens a session per execution that remediates, with the rule's grants and nothing else. */
export const createRemediateSessions =
  ({ sts, externalId, clock = systemClock }: AssumeOptions) =>
  async ({
    grants,
    sessionName,
    ...target
  }: SessionTarget & { grants: readonly Grant[]; sessionName: string }) => {
    const policy = JSON.stringify(policyOf(grants));
    const credentials = await assumeRole(sts, target, {
      role: MEMBER_ROLES.remediate,
      externalId: await externalId(),
      sessionName,
      policy,
    });
    const { accountId, region, partition } = target;
    return createSession({ accountId, region, partition, credentials, clock });
  };

export interface AssumeRequest {
  readonly role: string;
  readonly externalId?: string | undefined;
  readonly sessionName: string;
  /** Session policies, inline and by ARN: the role's permissions count as far as one of them allows. */
  readonly policy?: string | undefined;
  readonly policyArns?: readonly string[] | undefined;
}

/**
 * Assumes a role of an account for an hour.
 * @throws {ComplianceError} `role-not-assumed`, transient when trying again can help
 */
export const assumeRole = async (
  sts: STSClient,
  { accountId, partition }: SessionTarget,
  { role, externalId, sessionName, policy, policyArns }: AssumeRequest,
) => {
  const RoleArn = `arn:${partition}:iam::${accountId}:role/${role}`;
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({
        RoleArn,
        RoleSessionName: sessionName,
        DurationSeconds: SESSION_SECONDS,
        ...defined({
          ExternalId: externalId,
          Policy: policy,
          PolicyArns: policyArns?.map((arn) => ({ arn })),
        }),
      }),
    );
    if (!Credentials?.AccessKeyId || !Credentials.SecretAccessKey)
      throw new Error('STS returned no credentials.');
    return {
      accessKeyId: Credentials.AccessKeyId,
      secretAccessKey: Credentials.SecretAccessKey,
      ...defined({ sessionToken: Credentials.SessionToken, expiration: Credentials.Expiration }),
    };
  } catch (error) {
    const failure = failureKind(error) === 'transient' ? transient : permanent;
    throw failure('role-not-assumed', `Cannot assume role ${RoleArn}: ${explain(error)}`, error);
  }
};
