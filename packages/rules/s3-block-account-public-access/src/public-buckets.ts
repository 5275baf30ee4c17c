import { S3Client, paginateListBuckets } from '@aws-sdk/client-s3';
import { firstOf, hasCode, type Session } from '@compliance/core/rule';
import { bucketBlock, bucketOf, exposures, flagsOff, type BlockFlag } from '@compliance/s3-bucket';

/** Buckets that are read at a time. */
const BATCH = 16;

/**
 * The buckets of all Regions that are public now, sorted. One that must not be read counts as public.
 * @param off the flags that the account lacks; without any, no bucket is public
 */
export const publicBuckets = async (off: readonly BlockFlag[], session: Session): Promise<string[]> => {
  if (off.length === 0) return [];
  const found: string[] = [];
  const pages = paginateListBuckets({ client: session.client(S3Client), pageSize: 10_000 }, {});
  for await (const { Buckets = [] } of pages)
    for (let start = 0; start < Buckets.length; start += BATCH) {
      const names = Buckets.slice(start, start + BATCH).map(async ({ Name = '', BucketRegion }) => {
        const isPublic = await isPublicBucket(Name, off, session.at(BucketRegion ?? session.region));
        return isPublic ? [Name] : [];
      });
      found.push(...(await Promise.all(names)).flat());
    }
  return found.toSorted();
};

const isPublicBucket = async (
  name: string,
  off: readonly BlockFlag[],
  session: Session,
): Promise<boolean> => {
  try {
    const bucket = bucketOf(name, session.accountId);
    const own = flagsOff(await bucketBlock(bucket, session));
    const open = off.filter((flag) => own.includes(flag));
    return (await exposures(bucket, open, session)).length > 0;
  } catch (error) {
    if (hasCode(error, 'NoSuchBucket')) return false;
    if (hasCode(error, 'AccessDenied')) return true;
    throw error;
  }
};

/** The names for a person: the first ones, and how many more. */
export const describeBuckets = (names: readonly string[], shown: number): string =>
  firstOf(names, shown, LONGEST_NAME) || 'no bucket';

const LONGEST_NAME = 63;
