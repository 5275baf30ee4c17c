import { GetPublicAccessBlockCommand, S3Client } from '@aws-sdk/client-s3';
import { hasCode, type Session } from '@compliance/core/rule';

import type { Bucket } from './bucket.ts';

/**
 * The four flags of Block Public Access, in the order of AWS's console.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
export const BLOCK_FLAGS = [
  'BlockPublicAcls',
  'IgnorePublicAcls',
  'BlockPublicPolicy',
  'RestrictPublicBuckets',
] as const;
export type BlockFlag = (typeof BLOCK_FLAGS)[number];
export type PublicAccessBlock = Readonly<Record<BlockFlag, boolean>>;

/** A block as S3 answers it; a flag that is missing is off. */
type AnsweredBlock = Readonly<Partial<Record<BlockFlag, boolean | undefined>>>;

/** A block of all public access, but for these flags. */
export const blockWithout = (off: readonly BlockFlag[]): PublicAccessBlock => ({
  BlockPublicAcls: !off.includes('BlockPublicAcls'),
  IgnorePublicAcls: !off.includes('IgnorePublicAcls'),
  BlockPublicPolicy: !off.includes('BlockPublicPolicy'),
  RestrictPublicBuckets: !off.includes('RestrictPublicBuckets'),
});

/** The flags that are off; all of them where nobody ever set one. */
export const flagsOff = (block: AnsweredBlock | undefined): BlockFlag[] =>
  BLOCK_FLAGS.filter((flag) => block?.[flag] !== true);

/** A bucket's own block; `undefined`: it was never set. */
export const bucketBlock = (bucket: Bucket, session: Session): Promise<AnsweredBlock | undefined> =>
  ifSet(session.client(S3Client).send(new GetPublicAccessBlockCommand(bucket)));

/** The block of the account, which holds for all its buckets beside their own; `undefined`: it was never set. */
export const accountBlock = async (session: Session): Promise<AnsweredBlock | undefined> => {
  const { getAccountBlock } = await import('./account-block.ts');
  return ifSet(getAccountBlock(session));
};

/** The same for a listing: the buckets and rules of a sweep share one read. */
export const sharedAccountBlock = (session: Session): Promise<AnsweredBlock | undefined> =>
  session.onceInAccount('s3/account-block', () => accountBlock(session));

const ifSet = async (
  reply: Promise<{ readonly PublicAccessBlockConfiguration?: AnsweredBlock | undefined }>,
) => {
  try {
    return (await reply).PublicAccessBlockConfiguration;
  } catch (error) {
    if (hasCode(error, 'NoSuchPublicAccessBlockConfiguration')) return undefined;
    throw error;
  }
};

/** A full block as the arguments of Terraform's resources. */
export const BLOCK_IN_TERRAFORM =
  'block_public_acls = true, ignore_public_acls = true, block_public_policy = true, restrict_public_buckets = true';
