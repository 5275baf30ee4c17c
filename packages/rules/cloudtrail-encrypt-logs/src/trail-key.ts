import { DescribeKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { failureKind, hasCode, type Session } from '@compliance/core/rule';
import type { LoadedTrail } from '@compliance/trails';
import * as z from 'zod';

/** The key of a trail. */
export const TrailKey = z.object({
  organization: z.boolean(),
  /** The key's ARN; `null`: log files have the default encryption of S3. */
  key: z.string().nullable(),
  /** `null`: this account may not describe the key, which is usual for a key of another account. */
  state: z.string().nullable(),
});
export type TrailKey = z.infer<typeof TrailKey>;

export const readTrailKey = async (
  { KmsKeyId, IsOrganizationTrail }: Pick<LoadedTrail, 'KmsKeyId' | 'IsOrganizationTrail'>,
  session: Session,
): Promise<TrailKey> => {
  // CloudTrail may answer an empty text for a trail whose key was removed.
  const key = KmsKeyId ? KmsKeyId : null;
  return {
    organization: IsOrganizationTrail === true,
    key,
    state: key === null ? null : await readState(key, session),
  };
};

const readState = async (key: string, session: Session): Promise<string | null> => {
  const [, , , region = session.region, owner] = key.split(':');
  const kms = session.at(region).client(KMSClient);
  try {
    const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: key }));
    return KeyMetadata?.KeyState ?? null;
  } catch (error) {
    if (failureKind(error) === 'transient') throw error;
    return owner === session.accountId && hasCode(error, 'NotFoundException') ? 'missing' : null;
  }
};

/**
 * The states in which a key encrypts nothing. A key that is being created or updated will soon be usable.
 * @see https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 */
export const UNUSABLE = [
  'missing',
  'Disabled',
  'PendingDeletion',
  'PendingReplicaDeletion',
  'PendingImport',
  'Unavailable',
];
