import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** A bucket of ours: a bucket of its name that another account took first is neither read nor written. */
export interface OwnBucket {
  readonly Bucket: string;
  readonly ExpectedBucketOwner: string;
}

/**
 * Reads an object; `undefined` when it or its bucket does not exist.
 * @throws {Error} AccessDenied, also for a bucket of another owner
 */
export const readObject = async (
  s3: S3Client,
  place: OwnBucket & { readonly Key: string },
): Promise<string | undefined> => {
  try {
    return await (await s3.send(new GetObjectCommand(place))).Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && ['NoSuchKey', 'NoSuchBucket'].includes(error.name)) return undefined;
    throw error;
  }
};
