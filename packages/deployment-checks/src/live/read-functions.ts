import {
  GetAliasCommand,
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import {
  DescribeDocumentCommand,
  DescribeDocumentPermissionCommand,
  GetDocumentCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { OPERATOR_ALIAS, RECOVERY_ALIAS, defined, type Session } from '@compliance/core';
import { DOCUMENT, FUNCTIONS } from '@compliance/infra';

import type { DeployedDocument, DeployedPermission } from '../model/deployment.ts';
import { parseJson } from '../model/parse-json.ts';
import { lowerCaseKeys, parsePolicyDocument, type Statement } from '../model/policy-document.ts';
import { principalsIn } from '../policy/resource-policy.ts';
import { allPages } from './all-pages.ts';
import { undefinedIfNotFound, type Fragment } from './fragment.ts';

const GONE = 'ResourceNotFoundException';

/** Reads functions, their permissions, the aliases and the SSM document. */
export const readFunctions = async (session: Session): Promise<Fragment> => {
  const { accountId, region } = session;
  const lambda = session.client(LambdaClient);
  const found = await Promise.all(
    Object.values(FUNCTIONS).map(async (name) => {
      const configuration = await undefinedIfNotFound(
        lambda.send(new GetFunctionConfigurationCommand({ FunctionName: name })),
        GONE,
      );
      const permissions = await permissionsOf(session, name);
      return { name, configuration, permissions };
    }),
  );
  const aliases = await Promise.all(
    [OPERATOR_ALIAS, RECOVERY_ALIAS].map(async (name) => {
      const request = new GetAliasCommand({ FunctionName: FUNCTIONS.remediation, Name: name });
      const exists = (await undefinedIfNotFound(lambda.send(request), GONE)) !== undefined;
      const permissions = exists ? await permissionsOf(session, FUNCTIONS.remediation, name) : [];
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
  functionName: string,
  qualifier?: string,
): Promise<readonly DeployedPermission[]> => {
  const policy = await undefinedIfNotFound(
    session
      .client(LambdaClient)
      .send(new GetPolicyCommand(defined({ FunctionName: functionName, Qualifier: qualifier }))),
    GONE,
  );
  const { accountId, region } = session;
  const qualified = [functionName, qualifier].filter((part) => part !== undefined).join(':');
  return (
    (parsePolicyDocument(policy?.Policy)?.Statement ?? [])
      .filter(({ Effect }) => Effect === 'Allow')
      // Each qualifier has its own policy, whose statements name the qualifier: skip the statements of others.
      .filter(({ Resource = [] }) => Resource.some((arn) => arn.endsWith(`:function:${qualified}`)))
      .flatMap((statement) =>
        (statement.Action ?? []).flatMap((action) =>
          principalsIn(statement.Principal).map((principal) => ({
            accountId,
            region,
            functionName,
            qualifier,
            action,
            principal,
            sourceAccount: conditionOf(statement, 'aws:sourceaccount'),
            sourceArn: conditionOf(statement, 'aws:sourcearn'),
            principalOrgId: conditionOf(statement, 'aws:principalorgid'),
          })),
        ),
      )
  );
};

/** The value of a condition key. Lambda writes one operator for each key. */
const conditionOf = ({ Condition }: Statement, key: string): string | undefined =>
  Object.values(Condition)
    .map((keys) => lowerCaseKeys(keys)[key]?.[0])
    .find((value) => value !== undefined);

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
