import type { LocalOrganization } from './local-organization.ts';
import type { Access } from './where.ts';

/** By the credentials that the organization on this machine gave out; state stays in the folders. */
export const localAccess = ({ endpointUrl, credentials }: LocalOrganization): Access => {
  const keysOf = (accountId: string) => {
    const keys = credentials[accountId];
    if (keys) return keys;
    throw new Error(
      `The organization on this machine has no account ${accountId}: \`make local-stop\`, then again.`,
    );
  };
  return {
    // The default of 25 would make minutes out of anything that the emulator lacks.
    provider: ({ accountId, region }) => ({ region, max_retries: 3, allowed_account_ids: [accountId] }),
    backend: () => ({ local: {} }),
    environment: ({ accountId }) => ({
      AWS_ENDPOINT_URL: endpointUrl,
      AWS_ACCESS_KEY_ID: keysOf(accountId).accessKeyId,
      AWS_SECRET_ACCESS_KEY: keysOf(accountId).secretAccessKey,
      AWS_SESSION_TOKEN: '',
      AWS_PROFILE: '',
    }),
    client: async (clientClass, { accountId, region }) =>
      new clientClass({ region, endpoint: endpointUrl, credentials: keysOf(accountId) }),
  };
};
