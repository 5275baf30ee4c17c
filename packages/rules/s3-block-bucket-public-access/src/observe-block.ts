import {
  accountBlock,
  BLOCK_FLAGS,
  bucketBlock,
  bucketSetting,
  exposures,
  flagsOff,
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
    const own = await bucketBlock(bucket, session);
    const off = flagsOff(own);
    const byNobody = off.length === 0 ? [] : flagsOff(await accountBlock(session));
    const open = off.filter((flag) => byNobody.includes(flag));
    const exposed = await exposures(bucket, open, session);
    return { facts: { set: own !== undefined, off, open }, handles: { exposed } };
  },
});

const On = z.literal(true);
const ItemBlock = z.object({
  blockPublicAcls: On,
  ignorePublicAcls: On,
  blockPublicPolicy: On,
  restrictPublicBuckets: On,
});
