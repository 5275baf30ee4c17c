import { stat } from 'node:fs/promises';

import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { folderStore, s3Store, type ObjectStore } from '@compliance/evidence';
import { sealedBucket } from '@compliance/infra';

import { identify } from '../account/open-account.ts';
import { UsageError } from '../output/exit-codes.ts';
import { masterAccess, type MasterFlags } from './master-access.ts';
import { bucketNameIn } from './open-ledger.ts';

/** Opens the sealed hours in a folder or a bucket; without either, those of the deployment. */
export const openSealed = async (place: string | undefined, flags: MasterFlags): Promise<ObjectStore> => {
  if (place !== undefined && !place.startsWith('s3:')) return openFolder(place);
  const access = await masterAccess(flags);
  const bucket =
    place === undefined
      ? sealedBucket((await identify(new STSClient(access))).accountId)
      : bucketNameIn(place);
  return s3Store(new S3Client(access), bucket);
};

const openFolder = async (folder: string): Promise<ObjectStore> => {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return folderStore(folder);
  throw new UsageError(`No folder ${folder}. Name a folder with sealed hours, or s3://bucket.`);
};
