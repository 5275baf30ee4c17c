import { stat } from 'node:fs/promises';

import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';

import { identify } from '../account/open-account.ts';
import { UsageError } from '../output/exit-codes.ts';
import { masterAccess, type MasterFlags } from './master-access.ts';

interface Expected {
  /** What the folder should hold, for a person: `a ledger`. */
  readonly content: string;
  /** The bucket of the deployment. */
  readonly bucketOf: (masterAccountId: string) => string;
}

type Place = { readonly folder: string } | { readonly client: S3Client; readonly bucket: string };

/**
 * Resolves a folder or `s3://bucket`; without either, the bucket of the deployment.
 * @throws {UsageError} when it is neither
 */
export const resolvePlace = async (
  place: string | undefined,
  flags: MasterFlags,
  { content, bucketOf }: Expected,
): Promise<Place> => {
  if (place !== undefined && !place.startsWith('s3:')) {
    const found = await stat(place).catch(() => undefined);
    if (found?.isDirectory()) return { folder: place };
    throw new UsageError(`No folder ${place}. Name a folder with ${content}, or s3://bucket.`);
  }
  const access = await masterAccess(flags);
  const bucket =
    place === undefined ? bucketOf((await identify(new STSClient(access))).accountId) : bucketNameIn(place);
  return { client: new S3Client(access), bucket };
};

/** The name of the bucket in `s3://bucket`. */
export const bucketNameIn = (place: string): string => {
  const bucket = /^s3:\/\/([a-z0-9.-]{3,63})\/?$/.exec(place)?.[1];
  if (bucket !== undefined) return bucket;
  throw new UsageError(`Not a bucket: ${place}. Expected s3://bucket.`);
};
