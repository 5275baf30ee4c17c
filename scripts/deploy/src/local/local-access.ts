import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import type { Settings } from '@compliance/core';

import type { LocalOrganization } from './local-organization.ts';
import type { Options } from '../base/options.ts';
import { stateBucketName, s3Backend } from '../base/state-bucket.ts';
import type { Access } from '../base/access.ts';

/**
 * By the credentials that the organization on this machine gave out. State is in the bucket that `make bootstrap`
 * made, as in AWS; without it, in the folders.
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
      `The organization on this machine has no account ${accountId}: \`make local-stop\`, then again.`,
    );
  };
  const client: Access['client'] = async (clientClass, { accountId, region }) =>
    new clientClass({ region, endpoint: endpointUrl, credentials: keysOf(accountId) });
  const bucket = stateBucketName(options, settings);
  const s3 = await client(S3Client, { accountId: masterAccountId, region: homeRegion });
  const bootstrapped = await s3.send(new HeadBucketCommand({ Bucket: bucket })).then(
    () => true,
    () => false,
  );
  return {
    client,
    // The default of 25 would make minutes out of anything that the emulator lacks.
    provider: ({ accountId, region }) => ({ region, max_retries: 3, allowed_account_ids: [accountId] }),
    backend: (key) =>
      bootstrapped ? s3Backend(bucket, { key, region: homeRegion, access: emulated() }) : { local: {} },
    environment: ({ accountId }) => ({
      AWS_ENDPOINT_URL: endpointUrl,
      AWS_ACCESS_KEY_ID: keysOf(accountId).accessKeyId,
      AWS_SECRET_ACCESS_KEY: keysOf(accountId).secretAccessKey,
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: '',
      // The provider builds its schemas at each start: collecting garbage is a third of that, and all there is to wait for.
      GOGC: '400',
    }),
  };

  /** Terraform runs with a member's credentials; its state is the master's. */
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
