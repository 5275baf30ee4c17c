import { STSClient } from '@aws-sdk/client-sts';
import { defined } from '@compliance/core';

import { readSettings } from '../input/read-settings.ts';
import { UsageError } from '../output/exit-codes.ts';

export interface MasterFlags {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** Resolves credentials and home Region of the master account from flags, settings or environment. */
export const masterAccess = async ({ region: given, profile }: MasterFlags) => {
  const homeRegion = given ?? (await readSettings())?.organization.homeRegion;
  const sts = new STSClient(defined({ region: homeRegion, profile }));
  const { credentials } = sts.config;
  const endpoint = process.env['AWS_ENDPOINT_URL'];
  try {
    return defined({ region: await sts.config.region(), credentials, endpoint });
  } catch (error) {
    throw new UsageError('No home Region configured. Use --region, or set AWS_REGION.', { cause: error });
  }
};

export type MasterAccess = Awaited<ReturnType<typeof masterAccess>>;
