import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

/** The credentials of a role in a member account. */
export const memberCredentials = async (accountId: string, roleName: string) => {
  const { Credentials: issued } = await new STSClient({}).send(
    new AssumeRoleCommand({
      RoleArn: `arn:aws:iam::${accountId}:role/${roleName}`,
      RoleSessionName: roleName,
    }),
  );
  return {
    accessKeyId: issued?.AccessKeyId ?? '',
    secretAccessKey: issued?.SecretAccessKey ?? '',
    sessionToken: issued?.SessionToken ?? '',
  };
};
