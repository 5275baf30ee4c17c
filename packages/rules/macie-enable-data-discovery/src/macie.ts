import {
  GetAutomatedDiscoveryConfigurationCommand,
  GetMacieSessionCommand,
  ListAutomatedDiscoveryAccountsCommand,
  Macie2Client,
} from '@aws-sdk/client-macie2';
import { bucketNames } from '@compliance/bucket-listing';
import { hasCode, type Session } from '@compliance/core/rule';
import * as z from 'zod';

/** Macie in one account and Region. */
export const Facts = z.object({
  status: z.enum(['OFF', 'ENABLED', 'PAUSED']),
  automatedDiscovery: z.boolean(),
  /** An administrator of Macie in the organization decides on the discovery. Known of an account with Macie only. */
  member: z.boolean(),
  /** Whether the Region has a bucket, and so anything to discover. */
  buckets: z.boolean(),
});
export type Facts = z.infer<typeof Facts>;

export const observeMacie = async (session: Session): Promise<{ readonly facts: Facts }> => {
  const [status, buckets] = await Promise.all([readStatus(session), hasBuckets(session)]);
  const discovery = status === 'ENABLED' ? await readDiscovery(session) : NONE;
  return { facts: { status, ...discovery, buckets } };
};

const NONE = { automatedDiscovery: false, member: false };

const readStatus = async (session: Session): Promise<Facts['status']> => {
  try {
    const { status } = await session.client(Macie2Client).send(new GetMacieSessionCommand({}));
    return status === 'ENABLED' ? 'ENABLED' : 'PAUSED';
  } catch (error) {
    if (isOff(error)) return 'OFF';
    throw error;
  }
};

/**
 * Whether an error says that Macie is off; users report both codes. A missing permission has the first one too: only the
 * message tells them apart.
 */
const isOff = (error: unknown): boolean =>
  hasCode(error, 'ResourceNotFoundException') ||
  (hasCode(error, 'AccessDeniedException') &&
    error instanceof Error &&
    /is not enabled/i.test(error.message));

/**
 * Reads whether data is discovered automatically. Macie tells a member of an organization in another call.
 * @see https://docs.aws.amazon.com/macie/latest/APIReference/automated-discovery-configuration.html
 */
const readDiscovery = async (session: Session): Promise<Pick<Facts, 'automatedDiscovery' | 'member'>> => {
  const client = session.client(Macie2Client);
  try {
    const { status } = await client.send(new GetAutomatedDiscoveryConfigurationCommand({}));
    return { automatedDiscovery: status === 'ENABLED', member: false };
  } catch (error) {
    // The code of a missing permission too: then the account is denied the other call as well.
    if (!hasCode(error, 'AccessDeniedException')) throw error;
    return { automatedDiscovery: await isDiscoveredMember(session), member: true };
  }
};

/** @see https://docs.aws.amazon.com/macie/latest/APIReference/automated-discovery-accounts.html */
const isDiscoveredMember = async (session: Session): Promise<boolean> => {
  const command = new ListAutomatedDiscoveryAccountsCommand({ accountIds: [session.accountId] });
  const { items = [] } = await session.client(Macie2Client).send(command);
  return items.some(({ accountId, status }) => accountId === session.accountId && status === 'ENABLED');
};

const hasBuckets = async (session: Session): Promise<boolean> => (await bucketNames(session)).length > 0;
