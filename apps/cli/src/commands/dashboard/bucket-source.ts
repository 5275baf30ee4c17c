import { GetObjectCommand, S3Client, type GetObjectCommandOutput } from '@aws-sdk/client-s3';
import { defined, hasCode } from '@compliance/core';
import type { DataSource } from '@compliance/dashboard';

import { UsageError } from '../../output/exit-codes.ts';

interface BucketFlags {
  readonly region?: string;
  readonly profile?: string;
}

/** Reads the data from a bucket, with the credentials of the person who asks. */
export const openBucket = (place: string, { region, profile }: BucketFlags): DataSource => {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9.-]{3,63})(?:\/(.*?))?\/?$/.exec(place) ?? [];
  if (bucket === undefined)
    throw new UsageError(`Not a place in a bucket: ${place}. Expected s3://bucket/prefix.`);
  return bucketSource(new S3Client(defined({ region, profile })), bucket, prefix);
};

/** The data below a prefix of a bucket. */
const bucketSource = (client: S3Client, bucket: string, prefix: string): DataSource => {
  const get = async (key: string, range?: string): Promise<GetObjectCommandOutput | undefined> => {
    try {
      const Key = prefix === '' ? key : `${prefix}/${key}`;
      return await client.send(new GetObjectCommand({ Bucket: bucket, Key, Range: range }));
    } catch (error) {
      if (hasCode(error, 'NoSuchKey')) return undefined;
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
