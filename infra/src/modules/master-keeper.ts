import { CloudwatchEventRule } from '@cdktn/provider-aws/lib/cloudwatch-event-rule/index.js';
import { CloudwatchEventTarget } from '@cdktn/provider-aws/lib/cloudwatch-event-target/index.js';
import { LambdaFunctionEventInvokeConfig } from '@cdktn/provider-aws/lib/lambda-function-event-invoke-config/index.js';
import { LambdaFunction } from '@cdktn/provider-aws/lib/lambda-function/index.js';
import { LambdaPermission } from '@cdktn/provider-aws/lib/lambda-permission/index.js';
import { S3BucketLifecycleConfiguration } from '@cdktn/provider-aws/lib/s3-bucket-lifecycle-configuration/index.js';
import type { Settings } from '@compliance/core';
import type { ITerraformDependable, TerraformStack } from 'cdktf';

import {
  INTAKE_DAYS,
  KEEPER_SETTINGS,
  STATE_DAYS,
  keeperEnvironment,
  type SealedLedger,
} from '../functions/keeper.ts';
import { eventRuleArn, roleArn, topicArn } from '../names/arn.ts';
import {
  KEEPER,
  KEEPER_LOG_GROUP,
  KEEPER_ROLE,
  TOPIC,
  artifactsBucket,
  ledgerBucket,
  sealedBucket,
} from '../names/names.ts';
import { PARTITION } from '../terraform/expressions.ts';
import { assertPlace } from '../terraform/place.ts';
import { addOutput, addVariable, terraformModule } from '../terraform/terraform-module.ts';
import { addCode } from './function-code.ts';
import { addKeeperAlarms } from './keeper-alarms.ts';
import { addLogGroup } from './log-group.ts';

/** The keeper in the home Region: its function, schedule and alarms, and the end of the intake that it has sealed. */
export const masterKeeper = (settings: Settings, ledger: SealedLedger): TerraformStack =>
  terraformModule('master-keeper', (stack) => {
    const { masterAccountId, homeRegion } = settings.organization;
    assertPlace(stack, { accountIds: [masterAccountId], regions: [homeRegion] });
    const place = { partition: PARTITION, region: homeRegion, accountId: masterAccountId };
    expireIntake(stack, masterAccountId);
    expireStates(stack, masterAccountId);
    const retentionDays = addVariable(stack, 'log_retention_days', {
      type: 'number',
      default: 365,
      description: "Retention of the keeper's log, in days.",
    });
    const group = addLogGroup(stack, KEEPER_LOG_GROUP, retentionDays);
    const created = addKeeper(stack, { masterAccountId, homeRegion, ledger, after: [group] });
    addSchedule(stack, created, eventRuleArn(place, KEEPER));
    addKeeperAlarms(stack, topicArn(place, TOPIC));
    addOutput(stack, 'keeper_function_arn', created.arn, 'The function that seals the ledger.');
  });

/** The prefix `intake/` alone: what releases before stored stays. */
const expireIntake = (stack: TerraformStack, masterAccountId: string) => {
  new S3BucketLifecycleConfiguration(stack, 'intake_expiry', {
    bucket: ledgerBucket(masterAccountId),
    rule: [
      {
        id: 'intake',
        status: 'Enabled',
        filter: [{ prefix: 'intake/' }],
        expiration: [{ days: INTAKE_DAYS }],
        noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
      },
    ],
  });
};

/** The daily states alone, which can be made again from the sealed hours. */
const expireStates = (stack: TerraformStack, masterAccountId: string) => {
  new S3BucketLifecycleConfiguration(stack, 'state_expiry', {
    bucket: sealedBucket(masterAccountId),
    rule: [
      {
        id: 'state',
        status: 'Enabled',
        filter: [{ prefix: 'state/' }],
        expiration: [{ days: STATE_DAYS }],
        noncurrentVersionExpiration: [{ noncurrentDays: 1 }],
      },
    ],
  });
};

interface KeeperInput {
  readonly masterAccountId: string;
  readonly homeRegion: string;
  readonly ledger: SealedLedger;
  /** Created first: otherwise Lambda creates groups itself, which never expire their logs. */
  readonly after: readonly ITerraformDependable[];
}

const addKeeper = (
  stack: TerraformStack,
  { masterAccountId, homeRegion, ledger, after }: KeeperInput,
): LambdaFunction => {
  const { description, handler, timeoutSeconds, memoryMegabytes } = KEEPER_SETTINGS;
  // The bucket is that of master-regional, which is applied before.
  const code = addCode(stack, {
    key: 'keeper',
    functionName: KEEPER,
    artifacts: artifactsBucket(masterAccountId, homeRegion),
  });
  return new LambdaFunction(stack, 'keeper', {
    functionName: KEEPER,
    description,
    handler,
    timeout: timeoutSeconds,
    memorySize: memoryMegabytes,
    runtime: addVariable(stack, 'runtime', {
      type: 'string',
      default: 'nodejs22.x',
      description: 'The Lambda runtime. Provider 6 also supports nodejs24.x.',
    }),
    architectures: ['arm64'],
    role: roleArn({ partition: PARTITION, accountId: masterAccountId }, KEEPER_ROLE),
    environment: { variables: { ...keeperEnvironment(masterAccountId, ledger) } },
    s3Bucket: code.bucket,
    s3Key: code.key,
    // Terraform creates the function; from then on `make deploy-app` updates its code.
    lifecycle: { ignoreChanges: ['s3_bucket', 's3_key', 's3_object_version', 'source_code_hash'] },
    dependsOn: [...after],
  });
};

/** Every ten minutes: an hour that is not finished, or failed, goes on soon. A run with nothing due takes a second. */
const addSchedule = (stack: TerraformStack, keeper: LambdaFunction, ruleArn: string) => {
  const rule = new CloudwatchEventRule(stack, 'keeper_schedule', {
    name: KEEPER,
    description: 'Has the keeper seal what is due.',
    scheduleExpression: 'rate(10 minutes)',
  });
  new CloudwatchEventTarget(stack, 'keeper_target', { rule: rule.name, targetId: 'keeper', arn: keeper.arn });
  new LambdaPermission(stack, 'keeper_schedule_permission', {
    functionName: keeper.functionName,
    statementId: 'schedule',
    action: 'lambda:InvokeFunction',
    principal: 'events.amazonaws.com',
    sourceArn: ruleArn,
  });
  new LambdaFunctionEventInvokeConfig(stack, 'keeper_events', {
    functionName: keeper.functionName,
    // The next run is the retry.
    maximumRetryAttempts: 0,
    maximumEventAgeInSeconds: 600,
  });
};
