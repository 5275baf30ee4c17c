import { ConfigServiceClient, PutConfigurationAggregatorCommand } from '@aws-sdk/client-config-service';
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import type { LocalOrg } from '@compliance/local-org';

const RoleName = 'OrganizationAccountAccessRole';

/** The id of a member of a local organization. */
export const idOf = (org: LocalOrg, name: string): string =>
  org.organization.members.find((member) => member.name === name)?.id ?? '';

/** Creates the role that AWS Organizations creates: an administrator. @param trusted The account that may assume it. */
export const createAdministratorRole = async (
  org: LocalOrg,
  accountId: string,
  trusted = org.organization.master.id,
): Promise<void> => {
  const iam = org.client(IAMClient, accountId);
  const AssumeRolePolicyDocument = allow({ Action: 'sts:AssumeRole', Principal: { AWS: trusted } });
  await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const PolicyDocument = allow({ Action: '*', Resource: '*' });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: 'all', PolicyDocument }));
};

const allow = (what: object) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', ...what }] });

/** Creates the aggregator of the organization in its master account. */
export const createAggregator = async (org: LocalOrg): Promise<void> => {
  const { id } = org.organization.master;
  await org.client(ConfigServiceClient, id).send(
    new PutConfigurationAggregatorCommand({
      ConfigurationAggregatorName: 'organization',
      OrganizationAggregationSource: {
        RoleArn: `arn:aws:iam::${id}:role/aggregator`,
        AllAwsRegions: true,
      },
    }),
  );
};
