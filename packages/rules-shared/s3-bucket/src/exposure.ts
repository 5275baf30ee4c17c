import { GetBucketAclCommand, GetBucketPolicyStatusCommand, S3Client } from '@aws-sdk/client-s3';
import { hasCode, type Session } from '@compliance/core/rule';

import type { Bucket } from './bucket.ts';
import type { BlockFlag } from './public-access-block.ts';

/** How the public gets into a bucket now. */
export type Exposure = 'policy' | 'ACL';

/** The grants that `exposures` needs. */
export const EXPOSURE_GRANTS = ['s3:GetBucketPolicyStatus', 's3:GetBucketAcl'] as const;

/**
 * How the public gets into a bucket, by its policy or its ACL. ACLs of single objects are not looked at.
 * @param open the flags of Block Public Access that are off for the bucket
 */
export const exposures = async (
  bucket: Bucket,
  open: readonly BlockFlag[],
  session: Session,
): Promise<Exposure[]> => {
  const [byPolicy, byAcl] = await Promise.all([
    open.includes('RestrictPublicBuckets') && hasPublicPolicy(bucket, session),
    open.includes('IgnorePublicAcls') && hasPublicAcl(bucket, session),
  ]);
  return [...(byPolicy ? ['policy' as const] : []), ...(byAcl ? ['ACL' as const] : [])];
};

const hasPublicPolicy = async (bucket: Bucket, session: Session): Promise<boolean> => {
  try {
    const answer = await session.client(S3Client).send(new GetBucketPolicyStatusCommand(bucket));
    return answer.PolicyStatus?.IsPublic === true;
  } catch (error) {
    if (hasCode(error, 'NoSuchBucketPolicy')) return false;
    throw error;
  }
};

/** @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html#specifying-grantee-predefined-groups */
const hasPublicAcl = async (bucket: Bucket, session: Session): Promise<boolean> => {
  const { Grants = [] } = await session.client(S3Client).send(new GetBucketAclCommand(bucket));
  return Grants.some(({ Grantee }) =>
    /\/groups\/global\/(?:AllUsers|AuthenticatedUsers)$/.test(Grantee?.URI ?? ''),
  );
};
