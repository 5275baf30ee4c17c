import { STSClient } from '@aws-sdk/client-sts';
import { defined } from '@compliance/core';

import { IMPATIENT, regionOf } from '../account/open-account.ts';
import { readSettings } from '../input/read-settings.ts';

export interface MasterFlags {
  readonly region?: string | undefined;
  readonly profile?: string | undefined;
}

/** Resolves credentials and home Region of the master account from flags, settings or environment. */
export const masterAccess = async ({ region: given, profile }: MasterFlags) => {
  const homeRegion = given ?? (await readSettings())?.organization.homeRegion;
  const sts = new STSClient(defined({ region: homeRegion, profile }));
  const { credentials } = sts.config;
  const region = await regionOf(sts);
  return defined({ region, credentials, endpoint: process.env['AWS_ENDPOINT_URL'], ...IMPATIENT });
};

export type MasterAccess = Awaited<ReturnType<typeof masterAccess>>;
