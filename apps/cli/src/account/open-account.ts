import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { AccountId, createSession, explain, permanent, type Session } from '@compliance/core';

import { UsageError } from '../output/exit-codes.ts';

/**
 * Opens a session in the account of the current credentials, resolved as in the AWS CLI.
 * @throws {UsageError} when neither the argument nor the environment gives a Region
 * @throws {ComplianceError} permanent `no-identity` when there are no credentials, or STS refuses them
 */
export const openAccount = async (givenRegion?: string): Promise<Session> => {
  const sts = new STSClient(givenRegion === undefined ? {} : { region: givenRegion });
  const region = await regionOf(sts);
  const { accountId, partition } = await identify(sts);
  return createSession({ accountId, region, partition, credentials: sts.config.credentials });
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

const regionOf = async (sts: STSClient): Promise<string> => {
  try {
    return await sts.config.region();
  } catch (error) {
    throw new UsageError('No Region configured. Use --region, or set AWS_REGION.', { cause: error });
  }
};

/**
 * Gets the account and partition of the credentials.
 * @throws {ComplianceError} permanent `no-identity` when there are none, or STS refuses them
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
