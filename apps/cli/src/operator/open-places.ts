import { hasCode } from '@compliance/core';
import type { ObjectStore } from '@compliance/evidence';
import type { LedgerPlaces } from '@compliance/state';

import { openLedger, type LedgerFlags } from './open-ledger.ts';
import { openSealed } from './open-sealed.ts';

export interface PlaceFlags extends LedgerFlags {
  /** A folder, or `s3://bucket`. */
  readonly sealed?: string;
}

/** Opens the places that the flags name; without any, those of the deployment, which may have no sealed hours. */
export const openPlaces = async ({ sealed, ledger, ...flags }: PlaceFlags): Promise<LedgerPlaces> => {
  if (sealed === undefined && ledger === undefined)
    return {
      intake: await openLedger(flags),
      sealed: await existing(await openSealed(undefined, flags)),
    };
  return {
    ...(ledger !== undefined && { intake: await openLedger({ ...flags, ledger }) }),
    ...(sealed !== undefined && { sealed: await openSealed(sealed, flags) }),
  };
};

/** `undefined` where the bucket was not made: without a signing key, nothing is sealed. */
const existing = async (store: ObjectStore): Promise<ObjectStore | undefined> => {
  try {
    for await (const _ of store.list({ prefix: 'heads/' })) break;
    return store;
  } catch (error) {
    if (hasCode(error, 'NoSuchBucket')) return undefined;
    throw error;
  }
};
