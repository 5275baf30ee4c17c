import {
  CreateRoleCommand,
  EntityAlreadyExistsException,
  IAMClient,
  PutRolePolicyCommand,
} from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { createSession, type AccountId, type Session, type Settings } from '@compliance/core';
import { preflightPolicies, preflightRole, type NamedPolicy } from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

import type { LiveAccess } from '../src/index.ts';

interface Used {
  /** The IAM actions that the emitted policies allow. */
  readonly allowed: ReadonlySet<string>;
  readonly called: Set<string>;
}

interface PreflightReader {
  readonly access: LiveAccess;
  readonly inMaster: Used;
  readonly inMembers: Used;
}

/** A reader with only the emitted policies and roles, replacing those of a reader before. */
export const preflightReader = async (org: LocalOrg, settings: Settings): Promise<PreflightReader> => {
  const { organization, accounts } = settings;
  const { masterAccountId } = organization;
  const reader = `arn:aws:iam::${masterAccountId}:role/preflight-reader`;
  const policies = preflightPolicies(settings, 'aws');
  await makeRole(org, masterAccountId, {
    name: 'preflight-reader',
    trust: trustOf(masterAccountId),
    policies,
  });
  const roles = accounts.map(({ id }) =>
    preflightRole({ partition: 'aws', accountId: id }, organization, [reader]),
  );
  for (const [index, role] of roles.entries()) await makeRole(org, accounts[index]?.id ?? '', role);

  const inMaster = { allowed: actionsIn(policies), called: new Set<string>() };
  const inMembers = { allowed: actionsIn(roles.flatMap((role) => role.policies)), called: new Set<string>() };
  const assumeRole = async (client: STSClient, accountId: AccountId, RoleArn: string, { called }: Used) => {
    const ExternalId = organization.externalId;
    const { Credentials: issued } = await client.send(
      new AssumeRoleCommand({ RoleArn, RoleSessionName: 'preflight', ExternalId }),
    );
    return createSession({
      accountId,
      region: organization.homeRegion,
      endpoint: org.endpointUrl,
      onAction: (action) => called.add(action),
      credentials: {
        accessKeyId: issued?.AccessKeyId ?? '',
        secretAccessKey: issued?.SecretAccessKey ?? '',
        sessionToken: issued?.SessionToken ?? '',
      },
    });
  };
  const master = await assumeRole(org.client(STSClient, masterAccountId), masterAccountId, reader, inMaster);
  const member = (accountId: AccountId): Promise<Session> => {
    const role = `arn:aws:iam::${accountId}:role/compliance-preflight`;
    return assumeRole(master.client(STSClient), accountId, role, inMembers);
  };
  return { access: { master, member }, inMaster, inMembers };
};

interface Role {
  readonly name: string;
  readonly trust: object;
  readonly policies: readonly NamedPolicy[];
}

/** Creates a role with inline policies, or replaces the policies. */
export const makeRole = async (org: LocalOrg, accountId: string, { name, trust, policies }: Role) => {
  const iam = org.client(IAMClient, accountId);
  const RoleName = name;
  try {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  } catch (error) {
    if (!(error instanceof EntityAlreadyExistsException)) throw error;
  }
  for (const { name: PolicyName, document } of policies)
    await iam.send(
      new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }),
    );
};

const trustOf = (accountId: string) => ({
  Version: '2012-10-17',
  Statement: [
    { Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { AWS: `arn:aws:iam::${accountId}:root` } },
  ],
});

const actionsIn = (policies: readonly NamedPolicy[]): ReadonlySet<string> =>
  new Set(policies.flatMap(({ document }) => document.Statement.flatMap(({ Action }) => Action)));
