import type { Settings } from '@compliance/core';

import type { Options } from './options.ts';

/** The name of the bucket of Terraform's state: STATE_BUCKET or the default. */
export const stateBucketName = (
  { STATE_BUCKET }: Pick<Options, 'STATE_BUCKET'>,
  { organization }: Settings,
): string => STATE_BUCKET ?? `compliance-terraform-${organization.masterAccountId}`;

/** Terraform's backend block for one state in S3, which also holds the lock. */
export const s3Backend = (
  bucket: string,
  { key, region, access }: { readonly key: string; readonly region: string; readonly access: object },
): object => ({
  s3: {
    bucket,
    key: `${key}/terraform.tfstate`,
    region,
    use_lockfile: true,
    encrypt: true,
    ...access,
  },
});
