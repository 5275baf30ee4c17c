import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { OPERATOR_ALIAS, RECOVERY_ALIAS } from '@compliance/core';
import { FUNCTIONS } from '@compliance/infra';
import type { LocalOrg } from '@compliance/local-org';

/**
 * Restarts both functions in every Region, including the version of the aliases, by a change of their environment.
 * They then read settings and exemptions at once, while warm functions cache them for a minute.
 * @param variables added to the environment
 */
export const restartFunctions = async (
  org: LocalOrg,
  variables: Readonly<Record<string, string>> = {},
): Promise<void> => {
  for (const region of org.regions) {
    const lambda = org.client(LambdaClient, org.organization.master.id, region);
    for (const FunctionName of Object.values(FUNCTIONS)) await touch(lambda, FunctionName, variables);
    const { Version } = await lambda.send(new PublishVersionCommand({ FunctionName: FUNCTIONS.remediation }));
    for (const Name of [OPERATOR_ALIAS, RECOVERY_ALIAS])
      await lambda.send(
        new UpdateAliasCommand({ FunctionName: FUNCTIONS.remediation, Name, FunctionVersion: Version }),
      );
  }
};

const touch = async (
  lambda: LambdaClient,
  FunctionName: string,
  variables: Readonly<Record<string, string>>,
): Promise<void> => {
  const { Environment } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const restarted = { COMPLIANCE_RESTARTED: new Date().toISOString() };
  const Variables = { ...Environment?.Variables, ...restarted, ...variables };
  await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));
};
