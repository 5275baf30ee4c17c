import { readdir, stat } from 'node:fs/promises';

import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { ledgerBucket } from '@compliance/infra';
import { folderLedger, s3Ledger, type Ledger } from '@compliance/ledger';

import { identify } from '../account/open-account.ts';
import { UsageError } from '../output/exit-codes.ts';
import { masterAccess, type MasterFlags } from './master-access.ts';

export interface LedgerFlags extends MasterFlags {
  /** A folder, or `s3://bucket`. */
  readonly ledger?: string;
}

/** Opens the ledger in a folder or a bucket; without either, the one of the deployment. */
export const openLedger = async ({ ledger: place, ...flags }: LedgerFlags): Promise<Ledger> => {
  if (place !== undefined && !place.startsWith('s3:')) return openFolder(place);
  const access = await masterAccess(flags);
  const bucket =
    place === undefined
      ? ledgerBucket((await identify(new STSClient(access))).accountId)
      : bucketNameIn(place);
  return s3Ledger(new S3Client(access), bucket);
};

const openFolder = async (folder: string): Promise<Ledger> => {
  const found = await stat(folder).catch(() => undefined);
  if (!found?.isDirectory())
    throw new UsageError(`No folder ${folder}. Name a folder with a ledger, or s3://bucket.`);
  const names = await readdir(folder);
  // Nothing has happened yet in an empty one.
  if (names.length === 0 || names.some((name) => OF_A_LEDGER.test(name))) return folderLedger(folder);
  throw new UsageError(
    `No ledger in ${folder}: it has none of the folders intake, ledger and years such as 2026. Name the folder above them.`,
  );
};

/** Present keys, those of releases before in a bucket, and those of releases before in a folder. */
const OF_A_LEDGER = /^(intake|ledger|\d{4})$/;

/** @throws {UsageError} when it is not `s3://bucket` */
export const bucketNameIn = (place: string): string => {
  const bucket = /^s3:\/\/([a-z0-9.-]{3,63})\/?$/.exec(place)?.[1];
  if (bucket !== undefined) return bucket;
  throw new UsageError(`Not a bucket: ${place}. Expected s3://bucket.`);
};
