import { DynamoDBClient, ListTablesCommand } from '@aws-sdk/client-dynamodb';
import { IAMClient, ListPoliciesCommand, ListRolesCommand } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListBucketsCommand, S3Client } from '@aws-sdk/client-s3';
import type { LocalOrg } from '@compliance/local-org';

/** Lists what remains in the organization, without service-linked roles and AWS's own policies. */
export const leftOvers = async (org: LocalOrg): Promise<readonly string[]> => {
  const { master, members } = org.organization;
  const found: string[] = [];
  for (const { id } of [master, ...members]) {
    const iam = org.client(IAMClient, id);
    const { Roles = [] } = await iam.send(new ListRolesCommand({ PathPrefix: '/' }));
    const { Policies = [] } = await iam.send(new ListPoliciesCommand({ Scope: 'Local' }));
    found.push(...Roles.filter(({ Path }) => Path === '/').map(({ RoleName }) => `role ${RoleName}`));
    found.push(...Policies.map(({ PolicyName }) => `policy ${PolicyName}`));
    for (const region of org.regions) {
      const lambda = await org.client(LambdaClient, id, region).send(new ListFunctionsCommand({}));
      found.push(...(lambda.Functions ?? []).map(({ FunctionName }) => `function ${FunctionName}`));
      const tables = await org.client(DynamoDBClient, id, region).send(new ListTablesCommand({}));
      found.push(...(tables.TableNames ?? []).map((name) => `table ${name}`));
    }
    const { Buckets = [] } = await org.client(S3Client, id).send(new ListBucketsCommand({}));
    found.push(...Buckets.map(({ Name }) => `bucket ${Name}`));
  }
  return found.toSorted();
};
