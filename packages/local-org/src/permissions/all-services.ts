import * as z from 'zod';
import { partitionOf } from '../base/place.ts';
import { operationName, text, type Call, type OperationName } from '../protocol/call.ts';
import { cloudtrailPermissions } from './cloudtrail.ts';
import { dynamodbPermissions } from './dynamodb.ts';
import { ec2Permissions } from './ec2.ts';
import { iamPermissions } from './iam.ts';
import {
  anywhere,
  arn,
  named,
  parameter,
  sameName,
  type Need,
  type ServicePermissions,
} from './required-permission.ts';
import { logsPermissions } from './logs.ts';
import { s3ControlPermissions, s3Permissions } from './s3.ts';
import { ssmPermissions } from './ssm.ts';

/** What a call needs to be allowed; `undefined` for an operation that is not in the table. */
export const needsOf = (call: Call): readonly Need[] | undefined => {
  const permissions = PERMISSIONS[call.service];
  return permissions !== undefined && Object.hasOwn(permissions, call.operation)
    ? permissions[call.operation]?.(call)
    : undefined;
};

/** Every operation of the table. */
export const knownOperations = (): readonly OperationName[] =>
  Object.entries(PERMISSIONS).flatMap(([service, operations]) =>
    Object.keys(operations).map((operation) => operationName({ service, operation })),
  );

const detector = parameter('DetectorId', 'guardduty', 'detector/');
// A rule's ARN ends in a generated id; the calls give its name.
const configRule = (call: Call): readonly string[] => [arn(call, 'config', 'config-rule/', '*')];

const functionArn = (call: Call): readonly string[] => {
  const name = text(call, 'FunctionName') ?? '*';
  const qualifier = text(call, 'Qualifier');
  const unqualified = name.startsWith('arn:') ? name : arn(call, 'lambda', 'function:', name);
  return [qualifier === undefined ? unqualified : `${unqualified}:${qualifier}`];
};
const eventBuses = (call: Call): readonly string[] => {
  const entries = z
    .array(z.object({ EventBusName: z.string().default('default') }))
    .parse(call.input['Entries']);
  return entries.map(({ EventBusName }) => arn(call, 'events', 'event-bus/', EventBusName));
};
/** A rule of the default bus has no bus in its ARN. */
const eventRule = (call: Call): readonly string[] => {
  const bus = text(call, 'EventBusName') ?? 'default';
  return [arn(call, 'events', bus === 'default' ? 'rule/' : `rule/${bus}/`, text(call, 'Rule') ?? '*')];
};
const accountContact = (call: Call): readonly string[] => [
  `arn:${partitionOf(call.region)}:account::${call.accountId}:account`,
];
const key = parameter('KeyId', 'kms', 'key/');

const PERMISSIONS: Readonly<Record<string, ServicePermissions>> = {
  s3: s3Permissions,
  's3-control': s3ControlPermissions,
  ec2: ec2Permissions,
  iam: iamPermissions,
  // Whether a role may be assumed is decided with its trust policy; GetCallerIdentity needs no permission.
  sts: { AssumeRole: () => [], GetCallerIdentity: () => [], GetSessionToken: () => [] },
  cloudtrail: cloudtrailPermissions,
  guardduty: {
    ...sameName(
      anywhere,
      `
      ListDetectors CreateDetector ListOrganizationAdminAccounts ListInvitations
    `,
    ),
    ...sameName(
      detector,
      `
      GetDetector UpdateDetector DeleteDetector GetAdministratorAccount ListMembers GetMembers
    `,
    ),
    ...sameName(
      detector,
      `
      CreateMembers AcceptAdministratorInvitation DisassociateFromAdministratorAccount
    `,
    ),
    ...sameName(detector, 'DescribeOrganizationConfiguration UpdateOrganizationConfiguration'),
  },
  config: {
    ...sameName(
      anywhere,
      `
      PutEvaluations GetResourceConfigHistory BatchGetResourceConfig ListDiscoveredResources
      SelectResourceConfig DescribeConfigRules DescribeComplianceByConfigRule
      DescribeComplianceByResource GetComplianceDetailsByResource
      DescribeConfigRuleEvaluationStatus DescribeDeliveryChannels
      DescribeConfigurationRecorders StartRemediationExecution
      DescribeConfigurationRecorderStatus DescribeConformancePacks
      DescribeConformancePackStatus DescribeRemediationExceptions
      DescribeRemediationConfigurations DescribeRemediationExecutionStatus
      GetComplianceSummaryByConfigRule DescribeOrganizationConformancePacks
      GetOrganizationConformancePackDetailedStatus
    `,
    ),
    ...sameName(
      configRule,
      `
      GetComplianceDetailsByConfigRule StartConfigRulesEvaluation DeleteEvaluationResults
    `,
    ),
  },
  logs: logsPermissions,
  sns: {
    ...sameName(
      parameter('TopicArn', 'sns', ''),
      `
      Publish GetTopicAttributes ListSubscriptionsByTopic Subscribe
    `,
    ),
    PublishBatch: named('sns:Publish', parameter('TopicArn', 'sns', '')),
    ...sameName(anywhere, 'ListTopics ListSubscriptions'),
  },
  dynamodb: dynamodbPermissions,
  ssm: ssmPermissions,
  lambda: {
    ...sameName(
      functionArn,
      `
      GetFunction GetFunctionConfiguration GetPolicy UpdateFunctionConfiguration
      GetFunctionConcurrency
    `,
    ),
    ...sameName(
      functionArn,
      `
      GetAlias ListAliases ListVersionsByFunction GetFunctionUrlConfig UpdateFunctionCode
    `,
    ),
    ...sameName(anywhere, 'ListFunctions'),
    Invoke: named('lambda:InvokeFunction', functionArn),
  },
  events: {
    ...sameName(eventBuses, 'PutEvents'),
    ...sameName(parameter('Name', 'events', 'event-bus/'), 'DescribeEventBus'),
    ...sameName(eventRule, 'ListTargetsByRule'),
    ...sameName(anywhere, 'ListRules'),
  },
  cloudwatch: sameName(
    anywhere,
    `
    PutMetricData DescribeAlarms DescribeAlarmsForMetric GetMetricData ListMetrics
  `,
  ),
  kms: {
    ...sameName(
      key,
      `
      DescribeKey GetKeyPolicy GetKeyRotationStatus EnableKeyRotation DisableKeyRotation
      Decrypt GenerateDataKey
    `,
    ),
    ...sameName(anywhere, 'ListKeys ListAliases'),
  },
  tag: sameName(anywhere, 'GetResources GetTagKeys GetTagValues'),
  account: sameName(
    accountContact,
    `
    GetAlternateContact PutAlternateContact DeleteAlternateContact GetContactInformation
  `,
  ),
  organizations: sameName(
    anywhere,
    `
    DescribeOrganization ListAccounts DescribeAccount ListParents ListTagsForResource
    ListDelegatedAdministrators ListPoliciesForTarget DescribePolicy
  `,
  ),
  'access-analyzer': sameName(anywhere, 'ListAnalyzers CreateAnalyzer'),
  securityhub: sameName(anywhere, 'DescribeHub EnableSecurityHub DisableSecurityHub BatchImportFindings'),
};
