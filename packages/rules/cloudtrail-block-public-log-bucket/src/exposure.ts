import {
  GetBucketAclCommand,
  GetBucketPolicyStatusCommand,
  GetPublicAccessBlockCommand,
  S3Client,
  type GetBucketAclCommandOutput,
  type PublicAccessBlockConfiguration,
} from '@aws-sdk/client-s3';
import { hasCode, type Session } from '@compliance/core/rule';
import * as z from 'zod';

/** The four switches of Block Public Access, with AWS's names. */
const Block = z.object({
  BlockPublicAcls: z.boolean(),
  IgnorePublicAcls: z.boolean(),
  BlockPublicPolicy: z.boolean(),
  RestrictPublicBuckets: z.boolean(),
});
type Block = z.infer<typeof Block>;

/**
 * Whether a log bucket is public by its own settings.
 * Block Public Access of the account may hide it, but does not make it private for good.
 */
export const Exposure = z.object({
  /** Grants of the ACL to everyone or to every AWS user: `AllUsers READ`. */
  grants: z.array(z.string()),
  /** AWS counts the bucket policy as public. */
  publicPolicy: z.boolean(),
  /** `null`: it was never set. */
  block: Block.nullable(),
});
export type Exposure = z.infer<typeof Exposure>;

export const readExposure = async (
  bucket: { readonly Bucket: string; readonly ExpectedBucketOwner: string },
  session: Session,
): Promise<Exposure> => {
  const s3 = session.client(S3Client);
  const [acl, policy, block] = await Promise.all([
    s3.send(new GetBucketAclCommand(bucket)),
    unlessNone(s3.send(new GetBucketPolicyStatusCommand(bucket)), 'NoSuchBucketPolicy'),
    unlessNone(s3.send(new GetPublicAccessBlockCommand(bucket)), 'NoSuchPublicAccessBlockConfiguration'),
  ]);
  return {
    grants: publicGrants(acl),
    publicPolicy: policy?.PolicyStatus?.IsPublic === true,
    block: blockOf(block?.PublicAccessBlockConfiguration),
  };
};

const unlessNone = async <Answer>(answer: Promise<Answer>, none: string): Promise<Answer | undefined> => {
  try {
    return await answer;
  } catch (error) {
    if (hasCode(error, none)) return undefined;
    throw error;
  }
};

const blockOf = (found: PublicAccessBlockConfiguration | undefined): Block | null =>
  found
    ? {
        BlockPublicAcls: found.BlockPublicAcls === true,
        IgnorePublicAcls: found.IgnorePublicAcls === true,
        BlockPublicPolicy: found.BlockPublicPolicy === true,
        RestrictPublicBuckets: found.RestrictPublicBuckets === true,
      }
    : null;

const publicGrants = ({ Grants = [] }: Pick<GetBucketAclCommandOutput, 'Grants'>): string[] =>
  Grants.flatMap(({ Grantee, Permission = '' }) => {
    const [, group] = /\/global\/(AllUsers|AuthenticatedUsers)$/.exec(Grantee?.URI ?? '') ?? [];
    return group === undefined ? [] : [`${group} ${Permission}`];
  }).toSorted();
