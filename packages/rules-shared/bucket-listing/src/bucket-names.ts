import { S3Client, paginateListBuckets } from '@aws-sdk/client-s3';
import type { Session } from '@compliance/core/rule';

/** The account's buckets of the session's Region, listed once for all rules of a sweep. */
export const bucketNames = (session: Session): Promise<readonly string[]> =>
  session.once('s3/buckets', async () => {
    // Without BucketRegion each Region's rule would report the buckets of all Regions.
    const pages = await Array.fromAsync(
      paginateListBuckets(
        { client: session.client(S3Client), pageSize: 10_000 },
        { BucketRegion: session.region },
      ),
    );
    return pages.flatMap(({ Buckets = [] }) => Buckets.flatMap(({ Name }) => Name ?? []));
  });
