import { bucketNames } from '@compliance/bucket-listing';
import type { AccountId, Listed, ResourceShape, Session } from '@compliance/core/rule';

export const BUCKET = 'AWS::S3::Bucket';

/** The resource of a grant to write settings of buckets. */
export const BUCKETS = 'arn:*:s3:::*';

export const BUCKET_SHAPE: ResourceShape = {
  tagFilter: 's3',
  arn: (id, { partition }) => `arn:${partition}:s3:::${id}`,
};

/** A bucket in a call. The owner is named, because a deleted bucket's name may belong to another account by now. */
export interface Bucket {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: AccountId;
}

export const bucketOf = (name: string, accountId: AccountId): Bucket => ({
  Bucket: name,
  ExpectedBucketOwner: accountId,
});

/** The buckets of the account in the session's Region. */
export const listBuckets = async function* ({
  session,
}: {
  readonly session: Session;
}): AsyncGenerator<Listed<never, never>> {
  for (const name of await bucketNames(session))
    yield { resource: { resourceType: BUCKET, resourceId: name, resourceName: name } };
};
