import {
  GetAutomatedDiscoveryConfigurationCommand,
  GetMacieSessionCommand,
  Macie2Client,
} from '@aws-sdk/client-macie2';
import { bucketNames } from '@compliance/bucket-listing';
import { hasCode, type Session } from '@compliance/core/rule';
import * as z from 'zod';

/** Macie in one account and Region. */
export const Facts = z.object({
  status: z.enum(['OFF', 'ENABLED', 'PAUSED']),
  automatedDiscovery: z.boolean(),
  /** Whether the Region has a bucket, and so anything to discover. */
  buckets: z.boolean(),
});
export type Facts = z.infer<typeof Facts>;

export const observeMacie = async (session: Session): Promise<{ readonly facts: Facts }> => {
  const [status, buckets] = await Promise.all([readStatus(session), hasBuckets(session)]);
  const automatedDiscovery = status === 'ENABLED' && (await readDiscovery(session));
  return { facts: { status, automatedDiscovery, buckets } };
};

const readStatus = async (session: Session): Promise<Facts['status']> => {
  try {
    const { status } = await session.client(Macie2Client).send(new GetMacieSessionCommand({}));
    return status === 'ENABLED' ? 'ENABLED' : 'PAUSED';
  } catch (error) {
    if (isOff(error)) return 'OFF';
    throw error;
  }
};

/** Whether an error says that Macie is off. A missing permission has the same code: only the message tells them apart. */
const isOff = (error: unknown): boolean =>
  hasCode(error, 'AccessDeniedException') && error instanceof Error && /is not enabled/i.test(error.message);

/** @see https://docs.aws.amazon.com/macie/latest/APIReference/automated-discovery-configuration.html */
const readDiscovery = async (session: Session): Promise<boolean> => {
  const { status } = await session
    .client(Macie2Client)
    .send(new GetAutomatedDiscoveryConfigurationCommand({}));
  return status === 'ENABLED';
};

const hasBuckets = async (session: Session): Promise<boolean> => (await bucketNames(session)).length > 0;
