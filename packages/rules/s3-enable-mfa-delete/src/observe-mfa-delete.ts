import {
  GetBucketLifecycleConfigurationCommand,
  GetBucketVersioningCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { hasCode, type Session } from '@compliance/core/rule';
import { bucketSetting, type Bucket } from '@compliance/s3-bucket';
import * as z from 'zod';

const Status = z.enum(['Off', 'Enabled', 'Suspended']);

export const Facts = z.object({
  status: Status,
  mfaDelete: z.boolean(),
  /** Whether the bucket has lifecycle rules; false with MFA delete, which excludes them. */
  lifecycle: z.boolean(),
});

/** Observes MFA delete. An item decides where it is on, or where lifecycle rules exclude it. */
export const observeMfaDelete = bucketSetting<z.infer<typeof Facts>>({
  item: ({ supplementary }) => {
    const { data } = ItemVersioning.safeParse(supplementary['BucketVersioningConfiguration']);
    if (data === undefined) return undefined;
    const { status, isMfaDeleteEnabled } = data;
    if (isMfaDeleteEnabled === true) return { status, mfaDelete: true, lifecycle: false };
    const rules = ItemLifecycle.safeParse(supplementary['BucketLifecycleConfiguration']);
    return rules.success ? { status, mfaDelete: false, lifecycle: true } : undefined;
  },
  read: async (bucket, session) => {
    const answer = await session.client(S3Client).send(new GetBucketVersioningCommand(bucket));
    const mfaDelete = answer.MFADelete === 'Enabled';
    const lifecycle = !mfaDelete && (await hasLifecycle(bucket, session));
    return { facts: { status: answer.Status ?? 'Off', mfaDelete, lifecycle } };
  },
});

const hasLifecycle = async (bucket: Bucket, session: Session): Promise<boolean> => {
  try {
    const { Rules = [] } = await session
      .client(S3Client)
      .send(new GetBucketLifecycleConfigurationCommand(bucket));
    return Rules.length > 0;
  } catch (error) {
    if (hasCode(error, 'NoSuchLifecycleConfiguration')) return false;
    throw error;
  }
};

// Absent, null and false all mean off.
const ItemVersioning = z.object({ status: Status, isMfaDeleteEnabled: z.boolean().nullish() });
const ItemLifecycle = z.object({ rules: z.array(z.unknown()).min(1) });
