import {
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import type { Session } from '@compliance/core';

import type { Part } from '../model/coverage.ts';
import type { DeployedPolicy, DeployedRole } from '../model/deployment.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import { undefinedIfNotFound, type Fragment } from './fragment.ts';

/** Reads roles by name, with their trust policies and permissions. */
export const readRoles = async (
  session: Session,
  part: Part,
  names: readonly string[],
): Promise<Fragment> => {
  const roles = await Promise.all(names.map((name) => readRole(session, name)));
  return {
    roles: roles.filter((role) => role !== undefined),
    coverage: [{ part, accountId: session.accountId }],
  };
};

const readRole = async (session: Session, name: string): Promise<DeployedRole | undefined> => {
  const response = await undefinedIfNotFound(
    session.client(IAMClient).send(new GetRoleCommand({ RoleName: name })),
    'NoSuchEntity',
    'NoSuchEntityException',
  );
  if (!response?.Role) return undefined;
  const [attached, inline] = await Promise.all([attachedTo(session, name), inlineIn(session, name)]);
  return {
    accountId: session.accountId,
    name,
    trust: parsePolicyDocument(decoded(response.Role.AssumeRolePolicyDocument)),
    policies: [...attached, ...inline],
    boundary: response.Role.PermissionsBoundary?.PermissionsBoundaryArn,
  };
};

const attachedTo = async (session: Session, RoleName: string): Promise<readonly DeployedPolicy[]> => {
  const client = session.client(IAMClient);
  const policies: DeployedPolicy[] = [];
  for await (const { AttachedPolicies = [] } of paginateListAttachedRolePolicies({ client }, { RoleName }))
    for (const { PolicyArn = '', PolicyName = PolicyArn } of AttachedPolicies) {
      // AWS may change its managed policies at any time, so their text is not read.
      const isOwn = PolicyArn.includes(`::${session.accountId}:`);
      if (!isOwn) policies.push({ name: PolicyArn });
      else {
        const text = await textOf(client, PolicyArn);
        policies.push({
          name: PolicyName,
          document: parsePolicyDocument(text),
          characters: text?.replaceAll(/\s/g, '').length,
        });
      }
    }
  return policies;
};

const textOf = async (client: IAMClient, PolicyArn: string) => {
  const { Policy } = await client.send(new GetPolicyCommand({ PolicyArn }));
  const { PolicyVersion } = await client.send(
    new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
  );
  return decoded(PolicyVersion?.Document);
};

const inlineIn = async (session: Session, RoleName: string): Promise<readonly DeployedPolicy[]> => {
  const client = session.client(IAMClient);
  const policies: DeployedPolicy[] = [];
  for await (const { PolicyNames = [] } of paginateListRolePolicies({ client }, { RoleName }))
    for (const name of PolicyNames) {
      const { PolicyDocument } = await client.send(new GetRolePolicyCommand({ RoleName, PolicyName: name }));
      policies.push({ name, isInline: true, document: parsePolicyDocument(decoded(PolicyDocument)) });
    }
  return policies;
};

/** IAM returns documents URL-encoded. */
const decoded = (text: string | undefined) => (text === undefined ? undefined : decodeURIComponent(text));
