import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import type { LocalOrg } from '@compliance/local-org';
import { inject } from 'vitest';

/** Creates environment variables with credentials of an account of the emulator. */
export const environmentOf = async (accountId: string): Promise<Readonly<Record<string, string>>> => {
  const endpoint = inject('emulator');
  const sts = new STSClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${accountId}:role/Admin`, RoleSessionName: 'test' }),
  );
  sts.destroy();
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? '',
    AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? '',
    AWS_SESSION_TOKEN: Credentials?.SessionToken ?? '',
  };
};

/** Environment variables with credentials of an account of a local organization. */
export const environmentIn = (
  org: LocalOrg,
  accountId = org.organization.master.id,
): Readonly<Record<string, string>> => {
  const { accessKeyId, secretAccessKey } = org.credentials(accountId);
  return {
    AWS_ENDPOINT_URL: org.endpointUrl,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
  };
};
