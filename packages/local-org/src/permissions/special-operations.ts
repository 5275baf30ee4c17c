import { partitionOf } from '@compliance/core';
import * as z from 'zod';
import { operationName, text, texts, type Call } from '../protocol/call.ts';
import { regionalArn, type RequiredPermission } from './required-permission.ts';

/** The permissions of an operation that are not its action on the resources in its parameters. */
export const specialPermissions = (call: Call): readonly RequiredPermission[] | undefined =>
  (SPECIAL.get(operationName(call)) ?? SPECIAL.get(call.service))?.(call);

type SpecialOperation = (call: Call) => readonly RequiredPermission[] | undefined;

/** An action that takes the resource from the call in a way of its own. */
const on =
  (action: string, resource: (call: Call) => string): SpecialOperation =>
  (call) => [{ action, resource: resource(call) }];

const objectArn = (call: Call): string =>
  `arn:${partitionOf(call.region)}:s3:::${text(call, 'Bucket') ?? '*'}/${text(call, 'Key') ?? '*'}`;

/** The action is another when the call names a version of the object. */
const versioned = (action: string): SpecialOperation => {
  const ofVersion = action.replace('Object', 'ObjectVersion');
  return (call) => on(call.input['VersionId'] === undefined ? action : ofVersion, objectArn)(call);
};

const copyObject: SpecialOperation = (call) => {
  const source = decodeURIComponent(text(call, 'CopySource') ?? '').replace(/^\//, '');
  const [path = '', version] = source.split('?versionId=');
  const action = version === undefined ? 's3:GetObject' : 's3:GetObjectVersion';
  return [
    { action: 's3:PutObject', resource: objectArn(call) },
    { action, resource: `arn:${partitionOf(call.region)}:s3:::${path}` },
  ];
};

const FLOW_LOG_TARGETS: Readonly<Record<string, string>> = {
  VPC: 'vpc/',
  Subnet: 'subnet/',
  NetworkInterface: 'network-interface/',
};

const createFlowLogs: SpecialOperation = (call) => {
  const action = 'ec2:CreateFlowLogs';
  const target = FLOW_LOG_TARGETS[text(call, 'ResourceType') ?? ''] ?? '';
  const created = regionalArn(call, 'ec2', 'vpc-flow-log/', '*');
  return [
    { action, resource: created },
    ...texts(call, 'ResourceId').map((id) => ({ action, resource: regionalArn(call, 'ec2', target, id) })),
    ...(text(call, 'LogDestinationType') === 's3'
      ? [{ action: 'logs:CreateLogDelivery', resource: '*' }]
      : []),
    ...(call.input['TagSpecification'] === undefined
      ? []
      : [{ action: 'ec2:CreateTags', resource: created }]),
  ];
};

const tableArn = (call: Call, table: string): string => regionalArn(call, 'dynamodb', 'table/', table);

/** An index is a resource of its own: its table is not asked for. */
const query: SpecialOperation = (call) => {
  const table = tableArn(call, text(call, 'TableName') ?? '*');
  const index = text(call, 'IndexName');
  const resource = index === undefined ? table : `${table}/index/${index}`;
  return [{ action: `dynamodb:${call.operation}`, resource }];
};

/** A policy is of a table or of its stream; the ARN says which. */
const resourcePolicy: SpecialOperation = (call) => [
  { action: `dynamodb:${call.operation}`, resource: text(call, 'ResourceArn') ?? '*' },
];

/**
 * The actions of full resource policies of functions, versions and aliases.
 * @see https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html "Required permissions"
 */
const functionPolicy =
  (...actions: readonly string[]): SpecialOperation =>
  (call) =>
    actions.map((action) => ({ action: `lambda:${action}`, resource: text(call, 'ResourceArn') ?? '*' }));

const transactItemsSchema = z.array(z.record(z.string(), z.object({ TableName: z.string() })));
const transactItems: SpecialOperation = (call) =>
  transactItemsSchema
    .parse(call.input['TransactItems'])
    .flatMap((item) => Object.entries(item))
    .map(([kind, { TableName }]) => ({
      action: kind === 'ConditionCheck' ? 'dynamodb:ConditionCheckItem' : `dynamodb:${kind}Item`,
      resource: tableArn(call, TableName),
    }));

/** The ARN of a rule on the default bus has no bus. */
const eventRule: SpecialOperation = (call) => {
  const bus = text(call, 'EventBusName') ?? 'default';
  const name = text(call, 'Rule') ?? text(call, 'Name') ?? '*';
  const prefix = bus === 'default' ? 'rule/' : `rule/${bus}/`;
  return [{ action: `events:${call.operation}`, resource: regionalArn(call, 'events', prefix, name) }];
};

const startAutomation = on('ssm:StartAutomationExecution', (call) => {
  const document = text(call, 'DocumentName') ?? '*';
  return document.startsWith('arn:')
    ? document
    : `${regionalArn(call, 'ssm', 'automation-definition/', document)}:*`;
});

/** @see https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create-service-linked-role.html */
const createServiceLinkedRole = on(
  'iam:CreateServiceLinkedRole',
  (call) =>
    `arn:${partitionOf(call.region)}:iam::${call.accountId}:role/aws-service-role/${text(call, 'AWSServiceName') ?? '*'}/*`,
);

/** The ARN of another account of the organization has ids that the call does not have. */
const otherAccount: SpecialOperation = (call) =>
  call.input['AccountId'] === undefined
    ? undefined
    : [{ action: `account:${call.operation}`, resource: '*' }];

/** The action is the verb and the resource the path, the same for both versions of the API. */
const apiGateway: SpecialOperation = ({ request, region }) => [
  {
    action: `apigateway:${request.method}`,
    resource: `arn:${partitionOf(region)}:apigateway:${region}::${request.path.replace(/^\/v2(?=\/)/, '')}`,
  },
];

/** By operation, or by service for all of its operations. */
const SPECIAL_OPERATIONS: Readonly<Record<string, SpecialOperation>> = {
  // AssumeRole is decided together with the trust policy; GetCallerIdentity needs no permission.
  'sts:AssumeRole': () => [],
  'sts:GetCallerIdentity': () => [],
  'sts:GetSessionToken': () => [],
  's3:GetObject': versioned('s3:GetObject'),
  's3:HeadObject': versioned('s3:GetObject'),
  's3:GetObjectAttributes': versioned('s3:GetObjectAttributes'),
  's3:DeleteObject': versioned('s3:DeleteObject'),
  's3:GetObjectAcl': versioned('s3:GetObjectAcl'),
  's3:PutObjectAcl': versioned('s3:PutObjectAcl'),
  's3:GetObjectTagging': versioned('s3:GetObjectTagging'),
  's3:PutObjectTagging': versioned('s3:PutObjectTagging'),
  's3:DeleteObjectTagging': versioned('s3:DeleteObjectTagging'),
  's3:CopyObject': copyObject,
  's3:UploadPartCopy': copyObject,
  'ec2:CreateFlowLogs': createFlowLogs,
  'iam:CreateServiceLinkedRole': createServiceLinkedRole,
  'dynamodb:Query': query,
  'dynamodb:Scan': query,
  'dynamodb:GetResourcePolicy': resourcePolicy,
  'dynamodb:PutResourcePolicy': resourcePolicy,
  'dynamodb:DeleteResourcePolicy': resourcePolicy,
  'lambda:GetResourcePolicy': functionPolicy('GetResourcePolicy', 'GetPolicy'),
  'lambda:PutResourcePolicy': functionPolicy('PutResourcePolicy', 'AddPermission', 'RemovePermission'),
  'lambda:DeleteResourcePolicy': functionPolicy('DeleteResourcePolicy', 'RemovePermission'),
  'dynamodb:TransactGetItems': transactItems,
  'dynamodb:TransactWriteItems': transactItems,
  'ssm:StartAutomationExecution': startAutomation,
  'events:DescribeRule': eventRule,
  'events:ListTargetsByRule': eventRule,
  'events:PutRule': eventRule,
  'events:DeleteRule': eventRule,
  'events:PutTargets': eventRule,
  'events:RemoveTargets': eventRule,
  account: otherAccount,
  apigateway: apiGateway,
  apigatewayv2: apiGateway,
};

const SPECIAL = new Map(Object.entries(SPECIAL_OPERATIONS));
