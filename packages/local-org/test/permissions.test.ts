import { describe, expect, test } from 'vitest';
import type { Call } from '../src/protocol/call.ts';
import { knownOperations, requiredPermissions } from '../src/permissions/all-services.ts';
import { routesOf } from '../src/protocol/rest-services.ts';

const call = (name: string, input: Record<string, unknown> = {}): Call => {
  const [service = '', operation = ''] = name.split(':');
  return {
    service,
    operation,
    input,
    accountId: '111122223333',
    region: 'eu-west-1',
    protocol: 'json',
    principal: {
      type: 'admin',
      accountId: '111122223333',
      arn: 'arn:aws:iam::111122223333:root',
      userId: '111122223333',
    },
    request: { method: 'POST', path: '/', query: new URLSearchParams(), headers: {}, body: Buffer.from('') },
  };
};
const ARN = 'arn:aws:lambda:eu-west-1:999988887777:function:f';

test.for([
  ['s3:ListBuckets', {}, ['s3:ListAllMyBuckets *']],
  ['s3:HeadBucket', { Bucket: 'b' }, ['s3:ListBucket arn:aws:s3:::b']],
  ['s3:GetBucketEncryption', { Bucket: 'b' }, ['s3:GetEncryptionConfiguration arn:aws:s3:::b']],
  ['s3:GetPublicAccessBlock', { Bucket: 'b' }, ['s3:GetBucketPublicAccessBlock arn:aws:s3:::b']],
  ['s3-control:GetPublicAccessBlock', {}, ['s3:GetAccountPublicAccessBlock *']],
  ['s3:GetObject', { Bucket: 'b', Key: 'k/l' }, ['s3:GetObject arn:aws:s3:::b/k/l']],
  ['s3:GetObject', { Bucket: 'b', Key: 'k', VersionId: '1' }, ['s3:GetObjectVersion arn:aws:s3:::b/k']],
  [
    's3:CopyObject',
    { Bucket: 'b', Key: 'k', CopySource: '/a/x%20y' },
    ['s3:PutObject arn:aws:s3:::b/k', 's3:GetObject arn:aws:s3:::a/x y'],
  ],
  ['ec2:DescribeVpcs', {}, ['ec2:DescribeVpcs *']],
  [
    'ec2:RevokeSecurityGroupIngress',
    { GroupId: 'sg-1' },
    ['ec2:RevokeSecurityGroupIngress arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1'],
  ],
  [
    'ec2:CreateFlowLogs',
    {
      ResourceType: 'VPC',
      ResourceId: ['vpc-1'],
      LogDestinationType: 's3',
      DeliverLogsPermissionArn: 'arn:aws:iam::111122223333:role/r',
    },
    [
      'ec2:CreateFlowLogs arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/*',
      'ec2:CreateFlowLogs arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1',
      'logs:CreateLogDelivery *',
      'iam:PassRole arn:aws:iam::111122223333:role/r',
    ],
  ],
  [
    'ec2:DeleteFlowLogs',
    { FlowLogId: ['fl-1', 'fl-2'] },
    [
      'ec2:DeleteFlowLogs arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/fl-1',
      'ec2:DeleteFlowLogs arn:aws:ec2:eu-west-1:111122223333:vpc-flow-log/fl-2',
    ],
  ],
  ['iam:ListAccessKeys', { UserName: 'ann' }, ['iam:ListAccessKeys arn:aws:iam::111122223333:user/ann']],
  ['iam:GetAccountPasswordPolicy', {}, ['iam:GetAccountPasswordPolicy *']],
  [
    'cloudtrail:StartLogging',
    { Name: 't' },
    ['cloudtrail:StartLogging arn:aws:cloudtrail:eu-west-1:111122223333:trail/t'],
  ],
  [
    'cloudtrail:GetEventSelectors',
    { TrailName: 't' },
    ['cloudtrail:GetEventSelectors arn:aws:cloudtrail:eu-west-1:111122223333:trail/t'],
  ],
  [
    'logs:PutLogEvents',
    { logGroupName: '/g', logStreamName: 's' },
    ['logs:PutLogEvents arn:aws:logs:eu-west-1:111122223333:log-group:/g:log-stream:s'],
  ],
  [
    'sns:Publish',
    { TopicArn: 'arn:aws:sns:eu-west-1:111122223333:t' },
    ['sns:Publish arn:aws:sns:eu-west-1:111122223333:t'],
  ],
  [
    'dynamodb:Query',
    { TableName: 't', IndexName: 'i' },
    ['dynamodb:Query arn:aws:dynamodb:eu-west-1:111122223333:table/t/index/i'],
  ],
  [
    'dynamodb:TransactWriteItems',
    { TransactItems: [{ Put: { TableName: 't' } }, { ConditionCheck: { TableName: 't' } }] },
    [
      'dynamodb:PutItem arn:aws:dynamodb:eu-west-1:111122223333:table/t',
      'dynamodb:ConditionCheckItem arn:aws:dynamodb:eu-west-1:111122223333:table/t',
    ],
  ],
  [
    'ssm:GetParameter',
    { Name: '/a/b' },
    ['ssm:GetParameter arn:aws:ssm:eu-west-1:111122223333:parameter/a/b'],
  ],
  ['lambda:Invoke', { FunctionName: ARN, Qualifier: 'operator' }, [`lambda:InvokeFunction ${ARN}:operator`]],
  ['config:PutEvaluations', {}, ['config:PutEvaluations *']],
] as const)('%s needs %3$j', ([name, input, needs]) => {
  expect(
    requiredPermissions(call(name, input))?.map(({ action, resource }) => `${action} ${resource}`),
  ).toEqual(needs);
});

test('an operation outside the table has no answer', () => {
  expect(requiredPermissions(call('s3:PutBucketAnalyticsConfiguration'))).toBeUndefined();
  expect(requiredPermissions(call('s3:toString'))).toBeUndefined();
});

describe('the table names operations that exist', () => {
  test.for(['s3', 'lambda', 'guardduty'])('%s', async (service) => {
    const real = new Set((await routesOf(service)).map(({ operation }) => `${service}:${operation}`));
    expect(knownOperations().filter((name) => name.startsWith(`${service}:`) && !real.has(name))).toEqual([]);
  });
  test.for([
    ['ec2', () => import('@aws-sdk/client-ec2')],
    ['iam', () => import('@aws-sdk/client-iam')],
    ['cloudtrail', () => import('@aws-sdk/client-cloudtrail')],
    ['config', () => import('@aws-sdk/client-config-service')],
    ['logs', () => import('@aws-sdk/client-cloudwatch-logs')],
    ['dynamodb', () => import('@aws-sdk/client-dynamodb')],
    ['sns', () => import('@aws-sdk/client-sns')],
    ['ssm', () => import('@aws-sdk/client-ssm')],
    ['sts', () => import('@aws-sdk/client-sts')],
  ] as const)('%s', async ([service, load]) => {
    const commands = await load();
    const unknown = knownOperations().filter(
      (name) => name.startsWith(`${service}:`) && !(`${name.slice(service.length + 1)}Command` in commands),
    );
    expect(unknown).toEqual([]);
  });
});
