import {
  DeleteResourcePolicyCommand,
  GetResourcePolicyCommand,
  LambdaClient,
  PutResourcePolicyCommand,
  paginateListAliases,
  paginateListVersionsByFunction,
} from '@aws-sdk/client-lambda';
import { hasCode, type Session } from '@compliance/core/rule';
import { definePolicyDocument } from '@compliance/policy-document';
import type { FoundPolicies } from '@compliance/public-policies';

const NONE = 'ResourceNotFoundException';

/**
 * The policy of a function, of one of its versions or of an alias, by ARN. It includes what AddPermission added; that
 * operation could not bring back every statement.
 * @see https://docs.aws.amazon.com/lambda/latest/api/API_PutResourcePolicy.html
 */
export const functionPolicy = definePolicyDocument({
  kind: 'lambda/resource-policy',
  read: async (ResourceArn, session) => {
    try {
      const command = new GetResourcePolicyCommand({ ResourceArn });
      return (await session.client(LambdaClient).send(command)).Policy;
    } catch (error) {
      if (hasCode(error, NONE)) return undefined;
      throw error;
    }
  },
  write: async (ResourceArn, Policy, session) => {
    await session.client(LambdaClient).send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
  },
  remove: async (ResourceArn, session) => {
    await session.client(LambdaClient).send(new DeleteResourcePolicyCommand({ ResourceArn }));
  },
});

/** The policies of a function, its versions and its aliases: each may be called by its own ARN. */
export const readFunctionPolicies = async (name: string, session: Session): Promise<FoundPolicies> => {
  const arn = functionArn(name, session);
  const qualifiers = ['', ...(await versionsOf(name, session)), ...(await aliasesOf(name, session))];
  const policies = qualifiers.map(async (qualifier) => {
    const key = qualifier === '' ? arn : `${arn}:${qualifier}`;
    return { key, qualifier, policy: await functionPolicy.read(key, session) };
  });
  return { policies: await Promise.all(policies) };
};

export const functionArn = (
  name: string,
  { partition, region, accountId }: Pick<Session, 'partition' | 'region' | 'accountId'>,
): string => `arn:${partition}:lambda:${region}:${accountId}:function:${name}`;

/** The published versions, oldest first. `$LATEST` has no policy but that of the function. */
const versionsOf = async (FunctionName: string, session: Session): Promise<string[]> => {
  const client = session.client(LambdaClient);
  const pages = await Array.fromAsync(paginateListVersionsByFunction({ client }, { FunctionName }));
  return pages
    .flatMap(({ Versions = [] }) => Versions.flatMap(({ Version }) => Version ?? []))
    .filter((version) => version !== '$LATEST')
    .toSorted((a, b) => Number(a) - Number(b));
};

const aliasesOf = async (FunctionName: string, session: Session): Promise<string[]> => {
  const client = session.client(LambdaClient);
  const pages = await Array.fromAsync(paginateListAliases({ client }, { FunctionName }));
  return pages.flatMap(({ Aliases = [] }) => Aliases.flatMap(({ Name }) => Name ?? [])).toSorted();
};
