import type { Session } from '@compliance/core/rule';
import { publicStatements } from '@compliance/policy-document';
import { restrictPublicPolicies } from '@compliance/public-policies';
import {
  accountBlock,
  BUCKET,
  BUCKET_SHAPE,
  BUCKETS,
  bucketBlock,
  bucketOf,
  bucketPolicy,
  listBuckets,
  policyTextOf,
} from '@compliance/s3-bucket';

const furtherKeys = ['s3:dataaccesspointaccount'];

export const rule = restrictPublicPolicies({
  command: 'S3_RESTRICT_PUBLIC_POLICIES',
  noun: 'a bucket',
  resourceType: BUCKET,
  resource: BUCKET_SHAPE,
  triggers: ['change', 'schedule'],
  equivalents: {
    securityHub: ['S3.2', 'S3.3'],
    prowler: ['s3_bucket_policy_public_write_access'],
  },
  partly: 'ACLs and the policies of access points.',
  permissions: {
    list: ['s3:ListAllMyBuckets'],
    get: ['s3:GetBucketPolicy', 's3:GetBucketPublicAccessBlock', 's3:GetAccountPublicAccessBlock'],
    fix: [
      { action: 's3:PutBucketPolicy', resource: BUCKETS },
      { action: 's3:DeleteBucketPolicy', resource: BUCKETS },
    ],
    undo: [{ action: 's3:PutBucketPolicy', resource: BUCKETS }],
  },

  furtherKeys,
  document: bucketPolicy,
  item: policyTextOf,
  read: async (name, session) => {
    const policy = await bucketPolicy.read(name, session);
    const isOpen = policy && publicStatements(policy, furtherKeys).length > 0;
    const policies = isOpen && !(await isNeutralised(name, session)) ? [{ key: name, policy }] : [];
    return { policies };
  },
  gone: ['NoSuchBucket'],
  list: async function* (session) {
    for await (const { resource } of listBuckets({ session })) yield resource.resourceId;
  },
  nameOf: (name) => name,

  inCode: {
    terraform: 'aws_s3_bucket_policy: policy whose statements name their principals',
    cloudFormation: 'AWS::S3::BucketPolicy: PolicyDocument whose statements name their principals',
  },
});

/**
 * Whether a public policy lets in nobody but the account and AWS services.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html
 */
const isNeutralised = async (name: string, session: Session): Promise<boolean> =>
  (await bucketBlock(bucketOf(name, session.accountId), session))?.RestrictPublicBuckets === true ||
  (await accountBlock(session))?.RestrictPublicBuckets === true;
