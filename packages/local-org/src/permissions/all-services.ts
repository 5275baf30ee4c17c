import * as z from 'zod';
import { partitionOf } from '../base/place.ts';
import { operationName, text, type Call, type OperationName } from '../protocol/call.ts';
import { cloudtrailPermissions } from './cloudtrail.ts';
import { dynamodbPermissions } from './dynamodb.ts';
import { ec2Permissions } from './ec2.ts';
import { iamPermissions } from './iam.ts';
import { logsPermissions } from './logs.ts';
import {
  anyResource,
  regionalArn,
  actionNamed,
  resourceInParameter,
  actionsOn,
  type RequiredPermission,
  type ServicePermissions,
} from './required-permission.ts';
import { s3ControlPermissions, s3Permissions } from './s3.ts';
import { ssmPermissions } from './ssm.ts';

/** The permissions that a call requires; `undefined` for an operation that is not in the table. */
export const requiredPermissions = (call: Call): readonly RequiredPermission[] | undefined => {
  const permissions = PERMISSIONS[call.service];
  return permissions !== undefined && Object.hasOwn(permissions, call.operation)
    ? permissions[call.operation]?.(call)
    : undefined;
};

/** All operations of the table. */
export const knownOperations = (): readonly OperationName[] =>
  Object.entries(PERMISSIONS).flatMap(([service, operations]) =>
    Object.keys(operations).map((operation) => operationName({ service, operation })),
  );

const detector = resourceInParameter('DetectorId', 'guardduty', 'detector/');
// A rule's ARN ends in a generated id, but the calls carry its name.
const configRule = (call: Call): readonly string[] => [regionalArn(call, 'config', 'config-rule/', '*')];

const functionArn = (call: Call): readonly string[] => {
  const name = text(call, 'FunctionName') ?? '*';
  const qualifier = text(call, 'Qualifier');
  const unqualified = name.startsWith('arn:') ? name : regionalArn(call, 'lambda', 'function:', name);
  return [qualifier === undefined ? unqualified : `${unqualified}:${qualifier}`];
};
const eventBuses = (call: Call): readonly string[] => {
  const entries = z
    .array(z.object({ EventBusName: z.string().default('default') }))
    .parse(call.input['Entries']);
  return entries.map(({ EventBusName }) => regionalArn(call, 'events', 'event-bus/', EventBusName));
};
/** The ARN of a rule on the default bus has no bus. */
const eventRule = (call: Call): readonly string[] => {
  const bus = text(call, 'EventBusName') ?? 'default';
  return [
    regionalArn(call, 'events', bus === 'default' ? 'rule/' : `rule/${bus}/`, text(call, 'Rule') ?? '*'),
  ];
};
const accountContact = (call: Call): readonly string[] => [
  `arn:${partitionOf(call.region)}:account::${call.accountId}:account`,
];
const key = resourceInParameter('KeyId', 'kms', 'key/');

const PERMISSIONS: Readonly<Record<string, ServicePermissions>> = {
  s3: s3Permissions,
  's3-control': s3ControlPermissions,
  ec2: ec2Permissions,
  iam: iamPermissions,
  // AssumeRole is decided together with the trust policy; GetCallerIdentity needs no permission.
  sts: { AssumeRole: () => [], GetCallerIdentity: () => [], GetSessionToken: () => [] },
  cloudtrail: cloudtrailPermissions,
  guardduty: {
    ...actionsOn(
      anyResource,
      `
      ListDetectors CreateDetector ListOrganizationAdminAccounts ListInvitations
    `,
    ),
    ...actionsOn(
      detector,
      `
      GetDetector UpdateDetector DeleteDetector GetAdministratorAccount ListMembers GetMembers
    `,
    ),
    ...actionsOn(
      detector,
      `
      CreateMembers AcceptAdministratorInvitation DisassociateFromAdministratorAccount
    `,
    ),
    ...actionsOn(detector, 'DescribeOrganizationConfiguration UpdateOrganizationConfiguration'),
  },
  config: {
    ...actionsOn(
      anyResource,
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
    ...actionsOn(
      configRule,
      `
      GetComplianceDetailsByConfigRule StartConfigRulesEvaluation DeleteEvaluationResults
    `,
    ),
  },
  logs: logsPermissions,
  sns: {
    ...actionsOn(
      resourceInParameter('TopicArn', 'sns', ''),
      `
      Publish GetTopicAttributes ListSubscriptionsByTopic Subscribe
    `,
    ),
    PublishBatch: actionNamed('sns:Publish', resourceInParameter('TopicArn', 'sns', '')),
    ...actionsOn(anyResource, 'ListTopics ListSubscriptions'),
  },
  dynamodb: dynamodbPermissions,
  ssm: ssmPermissions,
  lambda: {
    ...actionsOn(
      functionArn,
      `
      GetFunction GetFunctionConfiguration GetPolicy UpdateFunctionConfiguration
      GetFunctionConcurrency
    `,
    ),
    ...actionsOn(
      functionArn,
      `
      GetAlias ListAliases ListVersionsByFunction GetFunctionUrlConfig UpdateFunctionCode
    `,
    ),
    ...actionsOn(anyResource, 'ListFunctions'),
    Invoke: actionNamed('lambda:InvokeFunction', functionArn),
  },
  events: {
    ...actionsOn(eventBuses, 'PutEvents'),
    ...actionsOn(resourceInParameter('Name', 'events', 'event-bus/'), 'DescribeEventBus'),
    ...actionsOn(eventRule, 'ListTargetsByRule'),
    ...actionsOn(anyResource, 'ListRules'),
  },
  cloudwatch: actionsOn(
    anyResource,
    `
    PutMetricData DescribeAlarms DescribeAlarmsForMetric GetMetricData ListMetrics
  `,
  ),
  kms: {
    ...actionsOn(
      key,
      `
      DescribeKey GetKeyPolicy GetKeyRotationStatus EnableKeyRotation DisableKeyRotation
      Decrypt GenerateDataKey
    `,
    ),
    ...actionsOn(anyResource, 'ListKeys ListAliases'),
  },
  tag: actionsOn(anyResource, 'GetResources GetTagKeys GetTagValues'),
  account: actionsOn(
    accountContact,
    `
    GetAlternateContact PutAlternateContact DeleteAlternateContact GetContactInformation
  `,
  ),
  organizations: actionsOn(
    anyResource,
    `
    DescribeOrganization ListAccounts DescribeAccount ListParents ListTagsForResource
    ListDelegatedAdministrators ListPoliciesForTarget DescribePolicy
  `,
  ),
  'access-analyzer': actionsOn(anyResource, 'ListAnalyzers CreateAnalyzer'),
  securityhub: actionsOn(anyResource, 'DescribeHub EnableSecurityHub DisableSecurityHub BatchImportFindings'),
};
