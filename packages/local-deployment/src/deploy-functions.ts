import { readFile } from 'node:fs/promises';

import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { OPERATOR_ALIAS, RECOVERY_ALIAS, type Settings } from '@compliance/core';
import {
  EXECUTION_ROLES,
  FUNCTIONS,
  FUNCTION_SETTINGS,
  functionEnvironment,
  functionPermissions,
  type FunctionKey,
} from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

/** The path of each function's zip. */
export type FunctionZips = Readonly<Record<FunctionKey, string>>;

interface FunctionDeployment {
  readonly settings: Settings;
  readonly region: string;
  readonly zips: FunctionZips;
}

/** Deploys both functions to one Region, with their permissions and the aliases. */
export const deployFunctions = async (
  org: LocalOrg,
  { settings, region, zips }: FunctionDeployment,
): Promise<void> => {
  const { id: masterAccountId } = org.organization.master;
  const lambda = org.client(LambdaClient, masterAccountId, region);
  const environments = functionEnvironment({ masterAccountId, homeRegion: org.homeRegion, partition: 'aws' });
  for (const key of ['rule', 'remediation'] as const)
    await lambda.send(
      new CreateFunctionCommand({
        FunctionName: FUNCTIONS[key],
        Role: `arn:aws:iam::${masterAccountId}:role/${EXECUTION_ROLES[key]}`,
        Runtime: 'nodejs22.x',
        Handler: FUNCTION_SETTINGS[key].handler,
        Timeout: FUNCTION_SETTINGS[key].timeoutSeconds,
        MemorySize: FUNCTION_SETTINGS[key].memoryMegabytes,
        Environment: { Variables: environments[key] },
        Code: { ZipFile: await readZip(zips[key]) },
        Publish: key === 'remediation',
      }),
    );
  for (const permission of Object.values(functionPermissions(settings)).flat())
    await lambda.send(new AddPermissionCommand(permission));
  for (const Name of [OPERATOR_ALIAS, RECOVERY_ALIAS])
    await lambda.send(
      new CreateAliasCommand({ FunctionName: FUNCTIONS.remediation, Name, FunctionVersion: '1' }),
    );
};

/** Reads a bundle. @throws {Error} saying how to build it */
export const readZip = async (path: string) => {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`Bundle not found: ${path}. Run 'make build' first.`, { cause: error });
  }
};
