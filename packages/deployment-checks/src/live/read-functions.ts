import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  GetResourcePolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  DescribeDocumentCommand,
  DescribeDocumentPermissionCommand,
  GetDocumentCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { OPERATOR_ALIAS, RECOVERY_ALIAS, defined, type Session, type Settings } from '@compliance/core';
import { DOCUMENT, FUNCTIONS, functionArn, policyOrganization } from '@compliance/infra';

import type { DeployedDocument, DeployedPermission } from '../model/deployment.ts';
import { parseJson } from '../model/parse-json.ts';
import { parsePolicyDocument } from '../model/policy-document.ts';
import { permissionsIn, unknownPermission } from '../policy/function-policy.ts';
import { allPages } from './all-pages.ts';
import { undefinedIfNotFound, type Fragment } from './fragment.ts';

const GONE = 'ResourceNotFoundException';

type Organization = Settings['organization'];

/** Reads functions, their permissions, the aliases and the SSM document. */
export const readFunctions = async (session: Session, organization: Organization): Promise<Fragment> => {
  const { accountId, region } = session;
  const lambda = session.client(LambdaClient);
  const found = await Promise.all(
    Object.values(FUNCTIONS).map(async (name) => {
      const configuration = await undefinedIfNotFound(
        lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
        GONE,
      );
      const permissions = await permissionsOf(session, organization, name);
      return { name, configuration, permissions };
    }),
  );
  const aliases = await Promise.all(
    [OPERATOR_ALIAS, RECOVERY_ALIAS].map(async (name) => {
      const request = new GetAliasCommand({ FunctionName: FUNCTIONS.remediation, Name: name });
      const exists = (await undefinedIfNotFound(lambda.send(request), GONE)) !== undefined;
      const permissions = exists
        ? await permissionsOf(session, organization, FUNCTIONS.remediation, name)
        : [];
      return { name, exists, permissions };
    }),
  );
  return {
    functions: found.flatMap(({ name, configuration }) =>
      configuration
        ? [
            {
              accountId,
              region,
              name,
              runtime: configuration.Runtime,
              roleArn: configuration.Role,
              environment: configuration.Environment?.Variables ?? {},
            },
          ]
        : [],
    ),
    permissions: [
      ...found.flatMap(({ permissions }) => permissions),
      ...aliases.flatMap(({ permissions }) => permissions),
    ],
    aliases: aliases
      .filter(({ exists }) => exists)
      .map(({ name }) => ({ accountId, region, functionName: FUNCTIONS.remediation, name })),
    documents: await documentsOf(session),
    coverage: [{ part: 'functions', accountId, region }],
  };
};

const permissionsOf = async (
  session: Session,
  organization: Organization,
  functionName: string,
  qualifier?: string,
): Promise<readonly DeployedPermission[]> => {
  const { partition, accountId, region } = session;
  const of = { partition, accountId, region, functionName, qualifier };
  const policy = await readPolicy(session, organization, of);
  if (policy === undefined) return [];
  const document = parsePolicyDocument(policy);
  return document === undefined
    ? [unknownPermission(of, 'a policy that cannot be parsed')]
    : permissionsIn(document, of);
};

/** Both operations answer the same document; the one for whole policies needs a permission that is granted only for them. */
const readPolicy = async (
  session: Session,
  organization: Organization,
  of: Parameters<typeof permissionsIn>[1],
): Promise<string | undefined> => {
  const { functionName, qualifier } = of;
  const lambda = session.client(LambdaClient);
  const qualified = qualifier === undefined ? functionName : `${functionName}:${qualifier}`;
  const found = await undefinedIfNotFound(
    policyOrganization(organization) === undefined
      ? lambda.send(new GetPolicyCommand(defined({ FunctionName: functionName, Qualifier: qualifier })))
      : lambda.send(new GetResourcePolicyCommand({ ResourceArn: functionArn(of, qualified) })),
    GONE,
  );
  return found?.Policy;
};

const documentsOf = async (session: Session): Promise<readonly DeployedDocument[]> => {
  const { accountId, region } = session;
  const ssm = session.client(SSMClient);
  const described = await undefinedIfNotFound(
    ssm.send(new DescribeDocumentCommand({ Name: DOCUMENT })),
    'InvalidDocument',
    'InvalidDocumentException',
  );
  if (!described?.Document) return [];
  const { DefaultVersion, LatestVersion } = described.Document;
  // Without a version, AWS returns the default one, which members run.
  const { Content = '' } = await ssm.send(new GetDocumentCommand({ Name: DOCUMENT, DocumentFormat: 'JSON' }));
  return [
    {
      accountId,
      region,
      name: DOCUMENT,
      content: parseJson(Content),
      sharedWith: await sharedWith(session),
      defaultVersion: DefaultVersion,
      latestVersion: LatestVersion,
    },
  ];
};

const sharedWith = async (session: Session): Promise<readonly string[]> =>
  allPages(async (token) => {
    const { AccountIds = [], NextToken } = await session
      .client(SSMClient)
      .send(
        new DescribeDocumentPermissionCommand(
          defined({ Name: DOCUMENT, PermissionType: 'Share' as const, NextToken: token }),
        ),
      );
    return { items: AccountIds, next: NextToken };
  });
