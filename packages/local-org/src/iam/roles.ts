import {
  GetInstanceProfileCommand,
  GetPolicyCommand,
  GetPolicyVersionCommand,
  GetRoleCommand,
  GetRolePolicyCommand,
  IAMClient,
  NoSuchEntityException,
  paginateListAttachedRolePolicies,
  paginateListRolePolicies,
} from '@aws-sdk/client-iam';
import { createCache } from '../base/cache.ts';
import type { EmulatorClients } from '../emulator/clients.ts';
import type { Call } from '../protocol/call.ts';
import { parsePolicy, type PolicyDocument } from './policy.ts';

export interface Role {
  readonly arn: string;
  readonly id: string;
  readonly maxSessionSeconds: number;
  /** JSON. */
  readonly trustPolicy: string;
}

/** Reads roles and their policies from the emulator. */
export interface Roles {
  readonly role: (accountId: string, roleName: string) => Promise<Role | undefined>;
  /** Inline and attached policies. @throws {PolicyError} for a policy that the evaluator does not support. */
  readonly policies: (accountId: string, roleName: string) => Promise<readonly PolicyDocument[]>;
  /** The ARNs of the roles in an instance profile; none when it does not exist. */
  readonly ofProfile: (accountId: string, profile: string) => Promise<readonly string[]>;
  /** Receives every completed call; a write to IAM invalidates the cache. */
  readonly onCompleted: (call: Call) => void;
}

export const createRoles = (clients: EmulatorClients): Roles => {
  const roleCache = createCache<Role | undefined>();
  const policyCache = createCache<readonly PolicyDocument[]>();
  const profileCache = createCache<readonly string[]>();
  const client = (accountId: string): IAMClient => clients(IAMClient, { accountId, region: 'us-east-1' });

  return {
    role: async (accountId, roleName) =>
      roleCache.read(`${accountId}/${roleName}`, async () => readRole(client(accountId), roleName)),
    policies: async (accountId, roleName) =>
      policyCache.read(`${accountId}/${roleName}`, async () => readPolicies(client(accountId), roleName)),
    ofProfile: async (accountId, profile) =>
      profileCache.read(`${accountId}/${profile}`, async () => readProfile(client(accountId), profile)),
    onCompleted: ({ service, operation }) => {
      if (service !== 'iam' || /^(Get|List)/.test(operation)) return;
      roleCache.invalidate();
      policyCache.invalidate();
      profileCache.invalidate();
    },
  };
};

const readRole = async (iam: IAMClient, roleName: string): Promise<Role | undefined> => {
  try {
    const { Role: role } = await iam.send(new GetRoleCommand({ RoleName: roleName }));
    return {
      arn: role?.Arn ?? '',
      id: role?.RoleId ?? '',
      maxSessionSeconds: role?.MaxSessionDuration ?? 3600,
      trustPolicy: decodeURIComponent(role?.AssumeRolePolicyDocument ?? ''),
    };
  } catch (error) {
    if (error instanceof NoSuchEntityException) return undefined;
    throw error;
  }
};

const readProfile = async (iam: IAMClient, InstanceProfileName: string): Promise<readonly string[]> => {
  try {
    const { InstanceProfile } = await iam.send(new GetInstanceProfileCommand({ InstanceProfileName }));
    return (InstanceProfile?.Roles ?? []).flatMap(({ Arn }) => Arn ?? []);
  } catch (error) {
    if (error instanceof NoSuchEntityException) return [];
    throw error;
  }
};

const readPolicies = async (iam: IAMClient, roleName: string): Promise<readonly PolicyDocument[]> => {
  const documents: PolicyDocument[] = [];
  for await (const page of paginateListRolePolicies({ client: iam }, { RoleName: roleName })) {
    for (const name of page.PolicyNames ?? []) {
      const { PolicyDocument: document } = await iam.send(
        new GetRolePolicyCommand({ RoleName: roleName, PolicyName: name }),
      );
      documents.push(parsePolicy(decodeURIComponent(document ?? '')));
    }
  }
  for await (const page of paginateListAttachedRolePolicies({ client: iam }, { RoleName: roleName })) {
    for (const { PolicyArn } of page.AttachedPolicies ?? []) {
      const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
      const version = { PolicyArn, VersionId: Policy?.DefaultVersionId };
      const { PolicyVersion } = await iam.send(new GetPolicyVersionCommand(version));
      documents.push(parsePolicy(decodeURIComponent(PolicyVersion?.Document ?? '')));
    }
  }
  return documents;
};
