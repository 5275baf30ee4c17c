import type { Session } from '@compliance/core/rule';
import {
  accountBlock,
  BLOCK_FLAGS,
  bucketBlock,
  bucketSetting,
  exposures,
  flagsOff,
  sharedAccountBlock,
  type Bucket,
} from '@compliance/s3-bucket';
import * as z from 'zod';

const Flags = z.array(z.enum(BLOCK_FLAGS));

export const Facts = z.object({
  /** Whether the bucket has a setting of its own; one without any flag blocks as little as none. */
  set: z.boolean(),
  /** The flags that the bucket's own setting lacks. */
  off: Flags,
  /** The flags that both the bucket and the account lack. */
  open: Flags,
});

/** How the public gets in now. */
export const Handles = z.object({ exposed: z.array(z.enum(['policy', 'ACL'])) });

/** Observes the flags that nobody sets. An item decides where the bucket sets all: it lacks those of the account. */
export const observeBlock = bucketSetting<z.infer<typeof Facts>, z.infer<typeof Handles>>({
  item: ({ supplementary }) =>
    ItemBlock.safeParse(supplementary['PublicAccessBlockConfiguration']).success
      ? { set: true, off: [], open: [] }
      : undefined,
  read: async (bucket, session) => {
    const facts = await readFlags(bucket, session, accountBlock);
    return { facts, handles: { exposed: await exposures(bucket, facts.open, session) } };
  },
  // One read of the account for all buckets; how a bucket is public is asked for the fix.
  listed: (bucket, session) => readFlags(bucket, session, sharedAccountBlock),
});

const readFlags = async (bucket: Bucket, session: Session, ofAccount: typeof accountBlock) => {
  const own = await bucketBlock(bucket, session);
  const off = flagsOff(own);
  const byNobody = off.length === 0 ? [] : flagsOff(await ofAccount(session));
  return { set: own !== undefined, off, open: off.filter((flag) => byNobody.includes(flag)) };
};

const On = z.literal(true);
const ItemBlock = z.object({
  blockPublicAcls: On,
  ignorePublicAcls: On,
  blockPublicPolicy: On,
  restrictPublicBuckets: On,
});
