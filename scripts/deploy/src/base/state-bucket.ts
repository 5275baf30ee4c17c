import type { Settings } from '@compliance/core';

import type { Options } from './options.ts';

/** The bucket of Terraform's state, unless another is named. */
export const stateBucketName = (
  { STATE_BUCKET }: Pick<Options, 'STATE_BUCKET'>,
  { organization }: Settings,
): string => STATE_BUCKET ?? `compliance-terraform-${organization.masterAccountId}`;

/** What Terraform's backend block says for one state; S3 itself holds the lock. */
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
