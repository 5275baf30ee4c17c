import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AccountId, createSession, explain, permanent, type Session } from '@compliance/core';

import { UsageError } from '../output/exit-codes.ts';

/**
 * A session in the account whose credentials are found where the AWS CLI finds them.
 * @throws {UsageError} when no Region is given, here or in the environment
 * @throws {ComplianceError} permanent `no-identity` when STS does not accept the credentials, or there are none
 */
export const openAccount = async (givenRegion?: string): Promise<Session> => {
  const sts = new STSClient(givenRegion === undefined ? {} : { region: givenRegion });
  const region = await regionOf(sts);
  const { accountId, partition } = await identify(sts);
  return createSession({ accountId, region, partition, credentials: sts.config.credentials });
};

/** The session, if it is of the account that the event is about. */
export const openAccountOf = async (event: {
  readonly accountId: AccountId;
  readonly region: string;
}): Promise<Session> => {
  const session = await openAccount(event.region);
  if (session.accountId === event.accountId) return session;
  throw permanent(
    'other-account',
    `The event is about account ${event.accountId}, but the credentials are of ${session.accountId}. Use credentials of the event's account.`,
  );
};

const regionOf = async (sts: STSClient): Promise<string> => {
  try {
    return await sts.config.region();
  } catch (error) {
    throw new UsageError('No Region: give --region, or set AWS_REGION.', { cause: error });
  }
};

/**
 * Whose credentials these are.
 * @throws {ComplianceError} permanent `no-identity` when STS does not accept them, or there are none
 */
export const identify = async (sts: STSClient) => {
  try {
    const { Account, Arn = '' } = await sts.send(new GetCallerIdentityCommand({}));
    return { accountId: AccountId.parse(Account), partition: Arn.split(':')[1] ?? 'aws' };
  } catch (error) {
    throw permanent(
      'no-identity',
      `No usable AWS credentials: ${explain(error)} Set AWS_PROFILE or AWS_ACCESS_KEY_ID, or log in.`,
      error,
    );
  }
};
