import {
  DescribeKeyCommand,
  GetKeyRotationStatusCommand,
  KMSClient,
  type KeyMetadata,
} from '@aws-sdk/client-kms';
import {
  defined,
  hasCode,
  type ConfigurationItem,
  type Listed,
  type Observation,
  type Resource,
  type Session,
} from '@compliance/core/rule';
import { KEY, sharedKeys } from '@compliance/kms-keys';
import * as z from 'zod';

import { whyNotRotating, type Facts } from './facts.ts';

interface Context {
  readonly session: Session;
}

const Item = z.object({
  keyManager: z.string(),
  keyState: z.string(),
  // Older items have the deprecated customerMasterKeySpec alone.
  keySpec: z.string(),
  origin: z.string(),
  multiRegion: z.boolean(),
  multiRegionConfiguration: z
    .object({ multiRegionKeyType: z.string(), primaryKey: z.object({ region: z.string() }) })
    .nullish(),
});

/** Text in the history of a resource, a boolean in an event. */
const RotationStatus = z.union([z.boolean(), z.stringbool()]);

/**
 * The item does not say how often a key rotates, and that of a new key may be older than its rotation. So it decides
 * on keys that cannot rotate, and on those that do not.
 */
export const parseItem = (item: ConfigurationItem): Observation<Facts> | undefined => {
  const { success, data } = Item.safeParse(item.configuration);
  if (!success || (data.multiRegion && !data.multiRegionConfiguration)) return undefined;
  const { multiRegionKeyType, primaryKey } = data.multiRegionConfiguration ?? {};
  const facts = {
    manager: data.keyManager,
    state: data.keyState,
    spec: data.keySpec,
    origin: data.origin,
    primaryRegion: multiRegionKeyType === 'REPLICA' ? (primaryKey?.region ?? null) : null,
    periodInDays: null,
  };
  if (whyNotRotating(facts) === undefined) {
    const rotates = RotationStatus.safeParse(item.supplementary['KeyRotationStatus']);
    if (rotates.data !== false || item.status === 'ResourceDiscovered') return undefined;
  }
  return { facts, identity: defined({ resourceName: item.resourceId, arn: item.arn }) };
};

/** Reads a key: with one call if it cannot rotate, otherwise with two. A key whose policy denies it is an error of its own. */
export const getKey = async (
  { resourceId }: Resource,
  { session }: Context,
): Promise<Observation<Facts> | undefined> => {
  const client = session.client(KMSClient);
  try {
    const { KeyMetadata: key } = await client.send(new DescribeKeyCommand({ KeyId: resourceId }));
    if (key === undefined) return undefined;
    const facts = factsOf(key);
    const identity = defined({ resourceName: resourceId, arn: key.Arn });
    if (whyNotRotating(facts) !== undefined) return { facts, identity };
    const { KeyRotationEnabled = false, RotationPeriodInDays = YEAR } = await client.send(
      new GetKeyRotationStatusCommand({ KeyId: resourceId }),
    );
    return { facts: { ...facts, periodInDays: KeyRotationEnabled ? RotationPeriodInDays : null }, identity };
  } catch (error) {
    if (hasCode(error, 'NotFoundException')) return undefined;
    throw error;
  }
};

/** The days between two rotations of a key that was given no period. */
export const YEAR = 365;

const factsOf = ({
  KeyManager,
  KeyState,
  KeySpec,
  Origin,
  MultiRegionConfiguration,
}: KeyMetadata): Facts => ({
  manager: KeyManager ?? 'unknown',
  state: KeyState ?? 'unknown',
  spec: KeySpec ?? 'unknown',
  origin: Origin ?? 'unknown',
  primaryRegion:
    MultiRegionConfiguration?.MultiRegionKeyType === 'REPLICA'
      ? (MultiRegionConfiguration.PrimaryKey?.Region ?? null)
      : null,
  periodInDays: null,
});

/** Lists the ids of all keys, those of AWS too. Each is read by itself: the policy of one must not hide the others. */
export const listKeys = async function* ({ session }: Context): AsyncGenerator<Listed<Facts>> {
  for (const { KeyId: resourceId, KeyArn } of await sharedKeys(session))
    if (resourceId !== undefined)
      yield {
        resource: { resourceType: KEY, resourceId, resourceName: resourceId, ...defined({ arn: KeyArn }) },
      };
};
