import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '@compliance/core';

import type { LocalOrganization } from './local-organization.ts';
import type { Options } from '../base/options.ts';
import { stateBucketName, s3Backend } from '../base/state-bucket.ts';
import type { Access } from '../base/access.ts';

/**
 * Access to the organization on this machine, with its credentials.
 * The state is in the bucket of `make bootstrap`, as in AWS; without that bucket, in local files.
 */
export const localAccess = async (
  { endpointUrl, credentials }: LocalOrganization,
  options: Options,
  settings: Settings,
): Promise<Access> => {
  const { homeRegion, masterAccountId } = settings.organization;
  const keysOf = (accountId: string) => {
    const keys = credentials[accountId];
    if (keys) return keys;
    throw new Error(
      `The organization on this machine has no account ${accountId}. Run \`make local-stop\` and start again.`,
    );
  };
  const client: Access['client'] = async (clientClass, { accountId, region }) =>
    new clientClass({ region, endpoint: endpointUrl, credentials: keysOf(accountId) });
  const bucket = stateBucketName(options, settings);
  const s3 = await client(S3Client, { accountId: masterAccountId, region: homeRegion });
  const bootstrapped = await s3
    .send(new HeadBucketCommand({ Bucket: bucket, ExpectedBucketOwner: masterAccountId }))
    .then(
      () => true,
      () => false,
    );
  return {
    client,
    // The default of 25 retries takes minutes for every call that the emulator does not support.
    provider: ({ accountId, region }) => ({ region, max_retries: 3, allowed_account_ids: [accountId] }),
    backend: (key) =>
      bootstrapped ? s3Backend(bucket, { key, region: homeRegion, access: emulated() }) : { local: {} },
    environment: ({ accountId }) => ({
      AWS_ENDPOINT_URL: endpointUrl,
      AWS_ACCESS_KEY_ID: keysOf(accountId).accessKeyId,
      AWS_SECRET_ACCESS_KEY: keysOf(accountId).secretAccessKey,
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: '',
      // Garbage collection is a third of the provider's start, which dominates each local run.
      GOGC: '400',
    }),
  };

  /** The backend needs its own credentials: Terraform runs as the member, but the state is the master's. */
  function emulated(): object {
    const { accessKeyId, secretAccessKey } = keysOf(masterAccountId);
    return {
      access_key: accessKeyId,
      secret_key: secretAccessKey,
      endpoints: { s3: endpointUrl },
      use_path_style: true,
      skip_credentials_validation: true,
      skip_requesting_account_id: true,
      skip_metadata_api_check: true,
    };
  }
};
