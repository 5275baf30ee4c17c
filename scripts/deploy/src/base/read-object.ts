import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Reads an object; `undefined` when it or its bucket does not exist. */
export const readObject = async (
  s3: S3Client,
  place: { readonly Bucket: string; readonly Key: string },
): Promise<string | undefined> => {
  try {
    return await (await s3.send(new GetObjectCommand(place))).Body?.transformToString();
  } catch (error) {
    if (error instanceof Error && ['NoSuchKey', 'NoSuchBucket'].includes(error.name)) return undefined;
    throw error;
  }
};
