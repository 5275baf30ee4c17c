import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { accessFailure, partitionOf, explain, type Settings } from '@compliance/core';

import type { Options } from '../base/options.ts';
import { stateBucketName, s3Backend } from '../base/state-bucket.ts';
import type { Access, Credentials } from '../base/access.ts';

/**
 * Access to AWS with the default credentials, and with MEMBER_ROLE in all other accounts.
 * @throws {Error} when AWS rejects the credentials or there are none
 */
export const awsAccess = async (options: Options, settings: Settings): Promise<Access> => {
  const { homeRegion, masterAccountId } = settings.organization;
  const sts = new STSClient({ region: homeRegion });
  const caller = await readCallerAccount(sts);
  const roleArn = (accountId: string) =>
    `arn:${partitionOf(homeRegion)}:iam::${accountId}:role/${options.MEMBER_ROLE}`;
  const assumed = new Map<string, Promise<Credentials>>();
  const keysOf = (accountId: string) => {
    const keys = assumed.get(accountId) ?? assumeRole(sts, roleArn(accountId));
    assumed.set(accountId, keys);
    return keys;
  };
  const roleIn = (accountId: string) =>
    accountId === caller
      ? {}
      : { assume_role: [{ role_arn: roleArn(accountId), session_name: 'compliance-deploy' }] };
  return {
    provider: ({ accountId, region }) => ({ region, allowed_account_ids: [accountId], ...roleIn(accountId) }),
    backend: (key) =>
      s3Backend(stateBucketName(options, settings), {
        key,
        region: homeRegion,
        access: caller === masterAccountId ? {} : { assume_role: { role_arn: roleArn(masterAccountId) } },
      }),
    environment: () => ({}),
    client: async (clientClass, { accountId, region }) =>
      new clientClass({ region, ...(accountId !== caller && { credentials: await keysOf(accountId) }) }),
  };
};

const readCallerAccount = async (sts: STSClient): Promise<string | undefined> => {
  try {
    return (await sts.send(new GetCallerIdentityCommand({}))).Account;
  } catch (error) {
    const why = accessFailure(error, { region: await sts.config.region() });
    throw new Error(
      `${why ?? `AWS does not tell whose credentials these are: ${explain(error)}.`} To try it out without AWS, use LOCAL=1.`,
      { cause: error },
    );
  }
};

const assumeRole = async (sts: STSClient, RoleArn: string): Promise<Credentials> => {
  const { Credentials } = await sts.send(
    new AssumeRoleCommand({ RoleArn, RoleSessionName: 'compliance-deploy', DurationSeconds: 3600 }),
  );
  return {
    accessKeyId: Credentials?.AccessKeyId ?? '',
    secretAccessKey: Credentials?.SecretAccessKey ?? '',
    sessionToken: Credentials?.SessionToken ?? '',
  };
};
