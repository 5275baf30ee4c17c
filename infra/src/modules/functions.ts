import { LambdaAlias } from '@cdktn/provider-aws/lib/lambda-alias/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktn/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaFunction } from '@cdktn/provider-aws/lib/lambda-function/index.js';
import { LambdaPermission } from '@cdktn/provider-aws/lib/lambda-permission/index.js';
import { OPERATOR_ALIAS, RECOVERY_ALIAS, type Settings } from '@compliance/core';
import { Token, type ITerraformDependable, type TerraformStack } from 'cdktf';

import { roleArn } from '../names/arn.ts';
import { functionEnvironment } from '../functions/function-environment.ts';
import {
  ANY_ACCOUNT,
  CONFIG,
  fitsByAccount,
  functionPermissions,
} from '../functions/function-permissions.ts';
import { FUNCTION_SETTINGS } from '../functions/function-settings.ts';
import { EXECUTION_ROLES, FUNCTIONS, type FunctionKey } from '../names/names.ts';
import { PARTITION } from '../terraform/expressions.ts';
import { addOutput, addVariable } from '../terraform/terraform-module.ts';
import type { FailureQueue } from './failure-queue.ts';
import { addCode } from './function-code.ts';

interface FunctionsInput {
  /** The bucket of their code. */
  readonly artifacts: string;
  /** Created first: otherwise Lambda creates groups itself, which never expire their logs. */
  readonly groups: readonly ITerraformDependable[];
  readonly queue: FailureQueue;
}

/** Adds both functions, their permissions, and the operators' alias. */
export const addFunctions = (stack: TerraformStack, settings: Settings, input: FunctionsInput): void => {
  const created = {
    rule: addFunction(stack, 'rule', settings, input),
    remediation: addFunction(stack, 'remediation', settings, input),
  };
  new LambdaFunctionEventInvokeConfig(stack, 'rule_events', {
    functionName: created.rule.functionName,
    maximumEventAgeInSeconds: 6 * 60 * 60,
    maximumRetryAttempts: 2,
    destinationConfig: { onFailure: { destination: input.queue.arn } },
    dependsOn: [input.queue.resource],
  });
  addPermissions(stack, settings, created);
  new LambdaAlias(stack, 'operator', {
    name: OPERATOR_ALIAS,
    description:
      'For approving, applying, rejecting and undoing. Only identities of this account may invoke it.',
    functionName: created.remediation.functionName,
    // The deployed code, because `make deploy-app` changes it apart from Terraform.
    functionVersion: '$LATEST',
  });
  new LambdaAlias(stack, 'recovery', {
    name: RECOVERY_ALIAS,
    description: 'For sweeps of the rule function, which ask to finish what interrupted runs left behind.',
    functionName: created.remediation.functionName,
    functionVersion: '$LATEST',
  });
};

const addFunction = (
  stack: TerraformStack,
  key: FunctionKey,
  { organization }: Settings,
  { artifacts, groups }: FunctionsInput,
): LambdaFunction => {
  const { description, handler, timeoutSeconds, memoryMegabytes } = FUNCTION_SETTINGS[key];
  const { masterAccountId, homeRegion } = organization;
  const code = addCode(stack, { key, functionName: FUNCTIONS[key], artifacts });
  code.addOverride('depends_on', ['aws_s3_bucket_versioning.artifacts']);
  const created = new LambdaFunction(stack, key, {
    functionName: FUNCTIONS[key],
    description,
    handler,
    timeout: timeoutSeconds,
    memorySize: memoryMegabytes,
    runtime: addRuntime(stack, key),
    architectures: ['arm64'],
    role: roleArn({ partition: PARTITION, accountId: masterAccountId }, EXECUTION_ROLES[key]),
    reservedConcurrentExecutions: addReservedConcurrency(stack, key),
    environment: {
      variables: { ...functionEnvironment({ masterAccountId, homeRegion, partition: PARTITION })[key] },
    },
    s3Bucket: code.bucket,
    s3Key: code.key,
    // Terraform creates the function; from then on `make deploy-app` updates its code.
    lifecycle: { ignoreChanges: ['s3_bucket', 's3_key', 's3_object_version', 'source_code_hash'] },
    dependsOn: [...groups],
  });
  addOutput(stack, `${key}_function_arn`, created.arn, `The ${key} function, unqualified.`);
  return created;
};

const addRuntime = (stack: TerraformStack, key: FunctionKey): string => {
  if (key === 'rule')
    addVariable(stack, 'runtime', {
      type: 'string',
      default: 'nodejs22.x',
      description: 'The Lambda runtime. Provider 6 also supports nodejs24.x.',
      validation: [
        {
          condition: '${can(regex("^nodejs2[2-9]\\\\.x$", var.runtime))}',
          errorMessage: 'Must be Node.js 22 or newer, such as nodejs22.x.',
        },
      ],
    });
  return '${var.runtime}';
};

const addReservedConcurrency = (stack: TerraformStack, key: FunctionKey): number =>
  Token.asNumber(
    addVariable(stack, `${key}_reserved_concurrency`, {
      type: 'number',
      default: -1,
      description:
        `Reserved concurrency of the ${key} function, which is also its maximum; -1 for none. ` + BURSTS[key],
    }),
  );

const BURSTS = {
  rule: 'After a rollout every account sends events at once. A throttled event waits up to six hours and is not lost.',
  remediation: 'The automation retries a throttled invocation a few times within minutes.',
} as const satisfies Record<FunctionKey, string>;

const addPermissions = (
  stack: TerraformStack,
  settings: Settings,
  created: Readonly<Record<FunctionKey, LambdaFunction>>,
): void => {
  const { remediation } = functionPermissions(settings);
  for (const permission of remediation)
    new LambdaPermission(stack, `remediation_${permission.StatementId.replaceAll('-', '_')}`, {
      functionName: created.remediation.functionName,
      statementId: permission.StatementId,
      action: permission.Action,
      principal: permission.Principal,
      ...(permission.PrincipalOrgID !== undefined && { principalOrgId: permission.PrincipalOrgID }),
    });
  const admitted = new LambdaPermission(stack, 'rule_config', {
    functionName: created.rule.functionName,
    statementId: 'config-${each.value}',
    action: 'lambda:InvokeFunction',
    principal: CONFIG,
    sourceAccount: `\${each.value == "${ANY_ACCOUNT}" ? null : each.value}`,
  });
  admitted.addOverride('for_each', addAdmission(stack, settings));
  keepFirstStatements(stack, settings);
};

/**
 * Moves the statements of the first release, which had one resource for each account.
 * Without this, Terraform deletes and adds a statement with the same id at the same time, in an undefined order.
 * @see https://developer.hashicorp.com/terraform/language/block/moved
 */
const keepFirstStatements = (stack: TerraformStack, settings: Settings): void => {
  const moved = accountsWithStatement(settings).map((id) => ({
    from: `aws_lambda_permission.rule_config_${id}`,
    to: `aws_lambda_permission.rule_config["${id}"]`,
  }));
  if (moved.length > 0) stack.addOverride('moved', moved);
};

/** The accounts with a statement of their own; none when there are more than a function's policy holds. */
const accountsWithStatement = (settings: Settings): readonly string[] =>
  fitsByAccount(settings) ? settings.accounts.map(({ id }) => id).toSorted() : [];

/** Adds the variable that chooses the statements, and returns their keys: each account, or one for any account. */
const addAdmission = (stack: TerraformStack, settings: Settings): string => {
  const byAccount = fitsByAccount(settings);
  addVariable(stack, 'config_admission', {
    type: 'string',
    // The variable's values are published with the module.
    default: settings.organization.invokePermission === 'any-account' ? 'open' : 'accounts',
    description:
      'Accounts on whose behalf AWS Config may invoke the rule function. accounts: each account of compliance.yaml. ' +
      'open: any AWS account, at your cost, when there are more accounts than the policy of a function holds.',
    validation: [
      {
        condition: `\${contains(${JSON.stringify(byAccount ? ['accounts', 'open'] : ['open'])}, var.config_admission)}`,
        errorMessage: byAccount
          ? 'Must be accounts or open.'
          : 'Must be open: there are more accounts than the policy of a function holds.',
      },
    ],
  });
  const listed = JSON.stringify(accountsWithStatement(settings));
  return `\${toset(var.config_admission == "open" ? ["${ANY_ACCOUNT}"] : ${listed})}`;
};
