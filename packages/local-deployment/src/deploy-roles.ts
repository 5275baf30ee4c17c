import {
  AttachRolePolicyCommand,
  CreatePolicyCommand,
  CreateRoleCommand,
  IAMClient,
} from '@aws-sdk/client-iam';
import { withConfiguredGrants, type Rule, type Settings } from '@compliance/core';
import {
  enabledRules,
  masterRoles,
  memberRoles,
  policiesIn,
  type RoleSpecification,
} from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

/** Creates the execution roles of both functions in the master account. */
export const deployMasterRoles = async (org: LocalOrg): Promise<void> => {
  const { id: masterAccountId } = org.organization.master;
  const roles = masterRoles({
    masterAccountId,
    homeRegion: org.homeRegion,
    partition: 'aws',
    organizationId: org.organization.id,
  });
  for (const role of Object.values(roles)) await createRole(org, masterAccountId, role);
};

/** Creates the roles of one account that the functions and SSM Automation assume. */
export const deployMemberRoles = async (
  org: LocalOrg,
  { settings, rules, accountId }: { settings: Settings; rules: readonly Rule[]; accountId: string },
): Promise<void> => {
  const { masterAccountId, managementAccountId, externalId, regions } = settings.organization;
  const { accounts } = settings;
  const roles: Record<string, RoleSpecification> = {
    ...memberRoles({
      rules: withConfiguredGrants(
        enabledRules(rules, settings),
        { settings, accounts },
        { accountId, partition: 'aws' },
      ),
      partition: 'aws',
      masterAccountId,
      memberAccountId: accountId,
      managementAccountId,
      externalId,
      regions,
    }),
  };
  for (const role of Object.values(roles)) await createRole(org, accountId, role);
};

/** Creates a role with its policies. */
export const createRole = async (
  org: LocalOrg,
  accountId: string,
  role: RoleSpecification,
): Promise<void> => {
  const { name, trust } = role;
  const iam = org.client(IAMClient, accountId);
  await iam.send(new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }));
  for (const policy of policiesIn(role, accountId)) {
    const { Policy } = await iam.send(
      new CreatePolicyCommand({ PolicyName: policy.name, PolicyDocument: JSON.stringify(policy.document) }),
    );
    await iam.send(new AttachRolePolicyCommand({ RoleName: name, PolicyArn: Policy?.Arn }));
  }
};
