import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { LocalOrg } from '@compliance/local-org';

/**
 * Creates the role with which the management account administers a member.
 * AWS Organizations does the same in every account that it creates.
 * @see https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_access.html
 */
export const createAccountAccessRole = async (org: LocalOrg, accountId: string): Promise<void> => {
  const iam = org.client(IAMClient, accountId);
  const RoleName = 'OrganizationAccountAccessRole';
  const trust = { Action: 'sts:AssumeRole', Principal: { AWS: org.organization.master.id } };
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: allow(trust) }));
  await iam.send(
    new PutRolePolicyCommand({
      RoleName,
      PolicyName: 'AdministratorAccess',
      PolicyDocument: allow({ Action: '*', Resource: '*' }),
    }),
  );
};

const allow = (what: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...what }] });
