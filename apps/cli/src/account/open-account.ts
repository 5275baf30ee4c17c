import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import {
  AccountId,
  createSession,
  defined,
  explain,
  partitionInArn,
  permanent,
  type Session,
  type SessionOptions,
} from '@compliance/core/scan';

import { assertRegion } from '../input/assert-region.ts';
import { UsageError } from '../output/exit-codes.ts';

/**
 * Opens a session in the account of the current credentials, resolved as in the AWS CLI.
 * @throws {UsageError} when neither the argument nor the environment gives a Region, or AWS cannot have it
 * @throws {ComplianceError} permanent `no-identity` when STS cannot be asked, or refuses
 */
export const openAccount = async (
  givenRegion?: string,
  options: Pick<SessionOptions, 'admit' | 'share'> = {},
): Promise<Session> => (await openCaller(givenRegion, options)).session;

/** The same, with the client that asked who the caller is: it also assumes roles. @throws as `openAccount` does */
export const openCaller = async (
  givenRegion?: string,
  options: Pick<SessionOptions, 'admit' | 'share'> = {},
): Promise<{ readonly sts: STSClient; readonly session: Session }> => {
  const sts = new STSClient({ ...IMPATIENT, ...defined({ region: givenRegion }) });
  const region = await regionOf(sts);
  const { accountId, partition } = await identify(sts);
  const { credentials } = sts.config;
  return { sts, session: createSession({ ...options, accountId, region, partition, credentials }) };
};

/** Gives up on an address that does not answer, while a person waits. */
export const IMPATIENT = {
  requestHandler: {
    connectionTimeout: 3000,
    requestTimeout: 15_000,
    throwOnRequestTimeout: true,
    // As in core: the SDK does not look at HTTPS_PROXY.
    httpsAgent: { keepAlive: true, proxyEnv: process.env },
  },
};

/** Opens a session for an event. @throws {ComplianceError} permanent `other-account` when it is not the event's account */
export const openAccountOfEvent = async (event: {
  readonly accountId: AccountId;
  readonly region: string;
}): Promise<Session> => {
  const session = await openAccount(event.region);
  if (session.accountId === event.accountId) return session;
  throw permanent(
    'other-account',
    `Wrong account: the event is from ${event.accountId}, but the credentials belong to ${session.accountId}. Use credentials of account ${event.accountId}.`,
  );
};

/** The Region of a client. @throws {UsageError} when none is configured, or AWS cannot have it */
export const regionOf = async (sts: STSClient): Promise<string> => {
  const region = await configuredRegion(sts);
  assertRegion(region);
  return region;
};

const configuredRegion = async (sts: STSClient): Promise<string> => {
  try {
    return await sts.config.region();
  } catch (error) {
    throw new UsageError('No Region configured. Use --region, or set AWS_REGION.', { cause: error });
  }
};

/**
 * Gets the account and partition of the credentials.
 * @throws {ComplianceError} permanent `no-identity` when STS cannot be asked, or refuses
 */
export const identify = async (sts: STSClient) => {
  try {
    const { Account, Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    return { accountId: AccountId.parse(Account), partition: partitionInArn(Arn) };
  } catch (error) {
    throw permanent('no-identity', `AWS does not tell whose credentials these are: ${explain(error)}`, error);
  }
};
