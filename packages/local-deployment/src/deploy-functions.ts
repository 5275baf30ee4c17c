import { readFile } from 'node:fs/promises';

import {
  AddPermissionCommand,
  CreateAliasCommand,
  CreateFunctionCommand,
  LambdaClient,
  PutResourcePolicyCommand,
} from '@aws-sdk/client-lambda';
import { OPERATOR_ALIAS, RECOVERY_ALIAS, type Settings } from '@compliance/core';
import {
  EXECUTION_ROLES,
  FUNCTIONS,
  FUNCTION_SETTINGS,
  functionEnvironment,
  functionArn,
  functionPermissions,
  organizationPolicies,
  type FunctionKey,
  type RegionalPlace,
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
  for (const key of KEYS)
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
  await admitInvokers(lambda, settings, { partition: 'aws', region, accountId: masterAccountId });
  for (const Name of [OPERATOR_ALIAS, RECOVERY_ALIAS])
    await lambda.send(
      new CreateAliasCommand({ FunctionName: FUNCTIONS.remediation, Name, FunctionVersion: '1' }),
    );
};

/** Admits who may invoke the functions: statement by statement, or by whole policies where the settings choose them. */
export const admitInvokers = async (
  lambda: LambdaClient,
  settings: Settings,
  master: RegionalPlace,
): Promise<void> => {
  for (const permission of Object.values(functionPermissions(settings)).flat())
    await lambda.send(new AddPermissionCommand(permission));
  const policies = organizationPolicies(settings, master);
  for (const key of KEYS) {
    const ResourceArn = functionArn(master, FUNCTIONS[key]);
    const Policy = JSON.stringify(policies?.[key]);
    if (policies) await lambda.send(new PutResourcePolicyCommand({ ResourceArn, Policy }));
  }
};

const KEYS = ['rule', 'remediation'] as const satisfies readonly FunctionKey[];

/** Reads a bundle. @throws {Error} saying how to build it */
export const readZip = async (path: string) => {
  try {
    return await readFile(path);
  } catch (error) {
    throw new Error(`Bundle not found: ${path}. Run 'make build' first.`, { cause: error });
  }
};
