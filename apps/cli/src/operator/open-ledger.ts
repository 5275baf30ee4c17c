import { readdir } from 'node:fs/promises';

import { ledgerBucket } from '@compliance/infra';
import { folderLedger, s3Ledger, type Ledger } from '@compliance/ledger';

import { UsageError } from '../output/exit-codes.ts';
import type { MasterFlags } from './master-access.ts';
import { resolvePlace } from './resolve-place.ts';

export interface LedgerFlags extends MasterFlags {
  /** A folder, or `s3://bucket`. */
  readonly ledger?: string;
}

/** Opens the ledger in a folder or a bucket; without either, the one of the deployment. */
export const openLedger = async ({ ledger, ...flags }: LedgerFlags): Promise<Ledger> => {
  const place = await resolvePlace(ledger, flags, { content: 'a ledger', bucketOf: ledgerBucket });
  return 'folder' in place ? openFolder(place.folder) : s3Ledger(place.client, place.bucket);
};

const openFolder = async (folder: string): Promise<Ledger> => {
  const names = await readdir(folder);
  // Nothing has happened yet in an empty one.
  if (names.length === 0 || names.some((name) => OF_A_LEDGER.test(name))) return folderLedger(folder);
  throw new UsageError(
    `No ledger in ${folder}: it has none of the folders intake, ledger and years such as 2026. Name the folder above them.`,
  );
};

/** Present keys, those of releases before in a bucket, and those of releases before in a folder. */
const OF_A_LEDGER = /^(intake|ledger|\d{4})$/;
