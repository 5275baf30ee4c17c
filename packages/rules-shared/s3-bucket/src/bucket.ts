import { S3Client, paginateListBuckets } from '@aws-sdk/client-s3';
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
  const client = session.client(S3Client);
  // Without BucketRegion each Region's rule would report the buckets of all Regions.
  for await (const { Buckets = [] } of paginateListBuckets(
    { client, pageSize: 10_000 },
    { BucketRegion: session.region },
  ))
    for (const { Name } of Buckets)
      if (Name !== undefined)
        yield { resource: { resourceType: BUCKET, resourceId: Name, resourceName: Name } };
};
