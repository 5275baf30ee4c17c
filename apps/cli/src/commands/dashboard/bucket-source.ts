import { GetObjectCommand, S3Client, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { defined, hasCode, isAccessDenied } from '@compliance/core';
import type { DataSource } from '@compliance/dashboard';

import { IMPATIENT } from '../../account/open-account.ts';
import { UsageError } from '../../output/exit-codes.ts';

interface BucketFlags {
  readonly region?: string;
  readonly profile?: string;
  readonly bucketOwner?: string;
}

/** Reads the data from a bucket, with the credentials of the person who asks. */
export const openBucket = (place: string, { region, profile, bucketOwner }: BucketFlags): DataSource => {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9.-]{3,63})(?:\/(.*?))?\/?$/.exec(place) ?? [];
  if (bucket === undefined)
    throw new UsageError(`Not a place in a bucket: ${place}. Expected s3://bucket/prefix.`);
  const client = new S3Client({
    ...IMPATIENT,
    ...defined({ region, profile }),
    // A person at a browser can wait some seconds for S3 to scale.
    maxAttempts: 5,
    followRegionRedirects: true,
  });
  return bucketSource(client, { bucket, prefix, owner: bucketOwner });
};

interface BucketPlace {
  readonly bucket: string;
  readonly prefix: string;
  /** The account that must own it, if the person says so: names of buckets that are gone can be taken. */
  readonly owner: string | undefined;
}

/** The data below a prefix of a bucket. */
const bucketSource = (client: S3Client, { bucket, prefix, owner }: BucketPlace): DataSource => {
  const get = async (key: string, range?: string): Promise<GetObjectCommandOutput | undefined> => {
    const Key = prefix === '' ? key : `${prefix}/${key}`;
    try {
      return await client.send(
        new GetObjectCommand({
          Bucket: bucket,
          Key,
          ...defined({ Range: range, ExpectedBucketOwner: owner }),
        }),
      );
    } catch (error) {
      if (hasCode(error, 'NoSuchKey')) return undefined;
      if (hasCode(error, 'NoSuchBucket'))
        throw new UsageError(`No bucket ${bucket}. Is its name right?`, { cause: error });
      if (isAccessDenied(error))
        throw new Error(
          `s3://${bucket}/${Key} may not be read: it needs s3:GetObject, and s3:ListBucket to tell a missing file` +
            `${owner === undefined ? '' : `, in a bucket of account ${owner}`}.`,
          { cause: error },
        );
      throw error;
    }
  };
  return {
    place: `s3://${bucket}/${prefix}`,
    read: async (key) => (await get(key))?.Body?.transformToString(),
    readRange: async (key, { start, end }) => {
      const found = await get(
        key,
        start < 0 ? `bytes=${start}` : `bytes=${start}-${end === undefined ? '' : end - 1}`,
      );
      if (!found?.Body) return undefined;
      const [, from = '0', size = '0'] = /^bytes (\d+)-\d+\/(\d+)$/.exec(found.ContentRange ?? '') ?? [];
      return { bytes: await found.Body.transformToByteArray(), start: Number(from), size: Number(size) };
    },
  };
};
