import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import {
  createSession,
  defined,
  explain,
  partitionOf,
  permanent,
  type AccountId,
  type Session,
  type Settings,
} from '@compliance/core';
import { loadAllRules } from '@compliance/registry';
import { preflight, type LiveAccess } from '@compliance/deployment-checks';

import { readSettingsFile } from '../../input/read-settings.ts';
import { readTerraformPlan } from '../../input/read-terraform-plan.ts';

export interface PreflightFlags {
  readonly plan?: string;
  readonly settings?: string;
  readonly memberRole: string;
  readonly profile?: string;
  readonly json?: true;
}

/** Prints what preflight finds. @returns the exit code */
export const runPreflight = async ({
  plan,
  settings: path,
  json,
  ...flags
}: PreflightFlags): Promise<number> => {
  const planned = plan === undefined ? undefined : { plan: await readTerraformPlan(plan) };
  const { value: settings } = await readSettingsFile(path);
  const {
    text,
    json: data,
    exitCode,
  } = await preflight({
    rules: await loadAllRules(),
    settings,
    source: planned ? { type: 'plan', ...planned } : { type: 'live', access: liveAccess(settings, flags) },
  });
  process.stdout.write(json ? `${JSON.stringify(data, null, 2)}\n` : text);
  return exitCode;
};

/** Reads the master account with the current credentials, and each member through a role. */
const liveAccess = (
  { organization: { masterAccountId, externalId, homeRegion: region } }: Settings,
  { memberRole, profile }: Pick<PreflightFlags, 'memberRole' | 'profile'>,
): LiveAccess => {
  const sts = new STSClient(defined({ region, profile }));
  const master = createSession({ accountId: masterAccountId, region, credentials: sts.config.credentials });
  return {
    master,
    member: (accountId) =>
      accountId === masterAccountId
        ? master
        : assumeMemberRole(sts, { accountId, region, memberRole, externalId }),
  };
};

const assumeMemberRole = async (
  sts: STSClient,
  {
    accountId,
    region,
    memberRole,
    externalId: ExternalId,
  }: { accountId: AccountId; region: string; memberRole: string; externalId: string },
): Promise<Session> => {
  const RoleArn = `arn:${partitionOf(region)}:iam::${accountId}:role/${memberRole}`;
  try {
    const { Credentials } = await sts.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'compliance-preflight', ExternalId }),
    );
    const credentials = {
      accessKeyId: Credentials?.AccessKeyId ?? '',
      secretAccessKey: Credentials?.SecretAccessKey ?? '',
      sessionToken: Credentials?.SessionToken ?? '',
    };
    return createSession({ accountId, region, credentials });
  } catch (error) {
    throw permanent('role-not-assumed', `Cannot assume role ${RoleArn}: ${explain(error)}`, error);
  }
};
