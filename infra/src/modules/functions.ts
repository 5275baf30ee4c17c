import { LambdaAlias } from '@cdktn/provider-aws/lib/lambda-alias/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktn/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaFunction } from '@cdktn/provider-aws/lib/lambda-function/index.js';
import { OPERATOR_ALIAS, RECOVERY_ALIAS, type Settings } from '@compliance/core';
import { Token, type ITerraformDependable, type TerraformStack } from 'cdktf';

import { roleArn } from '../names/arn.ts';
import { functionEnvironment } from '../functions/function-environment.ts';
import { FUNCTION_SETTINGS } from '../functions/function-settings.ts';
import { EXECUTION_ROLES, FUNCTIONS, type FunctionKey } from '../names/names.ts';
import { PARTITION } from '../terraform/expressions.ts';
import { addOutput, addVariable } from '../terraform/terraform-module.ts';
import type { FailureQueue } from './failure-queue.ts';
import { addAdmission } from './function-admission.ts';
import { addCode } from './function-code.ts';

interface FunctionsInput {
  /** The bucket of their code. */
  readonly artifacts: string;
  /** Created first: otherwise Lambda creates groups itself, which never expire their logs. */
  readonly groups: readonly ITerraformDependable[];
  readonly queue: FailureQueue;
}

/** Adds both functions, who may invoke them, and the operators' alias. */
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
  addAdmission(stack, settings, created);
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
